"""Where secrets come from, what is done with those that AWS does not take, and what is left to people."""

from __future__ import annotations

import argparse
import getpass
import io
from typing import TYPE_CHECKING, Any

import pytest
from botocore.stub import Stubber
from hypothesis import given
from hypothesis import strategies as st

from chatops_setup import parameters, secret_kinds
from chatops_setup.asking import ATTEMPTS, InputError, Lines, Terminal
from chatops_setup.aws import Aws, AwsError
from chatops_setup.checks import Checks
from chatops_setup.cli import command_line, main, reading
from chatops_setup.cli import setup as setup_command
from chatops_setup.cli.output import Output
from chatops_setup.contents import Contents
from chatops_setup.finding import problem
from chatops_setup.parameters import Secret
from chatops_setup.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Sequence

WANTED = [(secret_kinds.SIGNING_SECRET, "/ops/signing"), (secret_kinds.BOT_TOKEN, "/ops/token")]
GOOD = "0123456789abcdef" * 2


class TestLines:
    def test_each_goes_to_its_parameter_without_blanks_around_it(self) -> None:
        read = Lines.read(["\n", f"/ops/signing= {GOOD} \r\n", "/ops/token=xoxb-12345-67890"], WANTED, replace=True)
        assert read.secret(*WANTED[0]) == Secret(GOOD)
        assert read.secret(*WANTED[1]) == Secret("xoxb-12345-67890")

    def test_what_is_not_given_is_not_there(self) -> None:
        assert Lines.read([], WANTED, replace=True).secret(*WANTED[0]) is None

    @given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=8))
    def test_nothing_of_a_wrong_line_is_quoted(self, text: str) -> None:
        """It may be the secret itself, without its name."""
        canary = f"{text}0canary0"
        for line in (canary, f"{canary}={canary}", f"/ops/signing={canary}", f"/ops/token={canary}"):
            with pytest.raises(InputError) as caught:
                Lines.read([line], WANTED, replace=True)
            assert "0canary0" not in str(caught.value)


class TestTerminal:
    def ask(self, monkeypatch: pytest.MonkeyPatch, *typed: str) -> tuple[Secret | None, str]:
        answers = iter(typed)
        monkeypatch.setattr(getpass, "getpass", lambda _: next(answers))
        shown = io.StringIO()
        return Terminal(shown).secret(*WANTED[0]), shown.getvalue()

    def test_it_says_where_slack_shows_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        secret, shown = self.ask(monkeypatch, f" {GOOD} ")
        assert secret == Secret(GOOD)
        assert "Signing Secret, for /ops/signing\n  Slack shows it under Basic Information, App Credentials." in shown
        assert GOOD not in shown

    def test_nothing_typed_is_nothing_given(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.ask(monkeypatch, " ")[0] is None

    def test_three_times_are_enough(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with pytest.raises(InputError, match="three times it was not 32 hexadecimal characters"):
            self.ask(monkeypatch, *["canary"] * ATTEMPTS)


def test_a_value_that_aws_does_not_take_is_not_in_the_error() -> None:
    aws = Aws(region="eu-west-1")
    with Stubber(aws._client("ssm")) as stubber:
        stubber.add_client_error("put_parameter", "ParameterPatternMismatchException", "canary does not match")
        with pytest.raises(AwsError) as caught:
            parameters.write(aws, "/ops/signing", Secret("canary"), key_id=None, overwrite=True)
    assert str(caught.value) == "/ops/signing could not be written: ParameterPatternMismatchException"
    assert caught.value.__suppress_context__


def checks_of(contents: Contents, endpoints: Sequence[Any] = ()) -> Checks:
    return Checks(Aws(region="eu-west-1"), Stack("Ops", "CREATE_COMPLETE", contents), tuple(endpoints))


def test_what_is_left_to_people_without_slash_commands() -> None:
    contents = Contents(endpoints=(), posters_tokens=("/ops/token",), instance_policy=None, targets=())
    assert list(setup_command._by_hand(checks_of(contents))) == [
        "Create an app at https://api.slack.com/apps with the Bot Token Scope chat:write, and install it.",
        "If /ops/token is not the token of that installation, run this again and paste it.",
        "In every channel that the app posts to: /invite @ and the app's name.",
    ]


def test_one_app_is_not_compared_with_two_endpoints(monkeypatch: pytest.MonkeyPatch, shared_stack: Stack) -> None:
    (endpoint,) = shared_stack.contents.endpoints
    monkeypatch.setattr(Stack, "deployed", lambda *_: shared_stack)
    monkeypatch.setattr(Stack, "endpoints", lambda *_: (endpoint, endpoint))
    arguments = argparse.Namespace(
        stack="Ops", region="eu-west-1", profile=None, endpoint=None, manifest=None, app_id="A123", skip_slack=True
    )
    output = Output(io.StringIO(), io.StringIO())
    with pytest.raises(InputError, match="the endpoints are Ops/Slack, Ops/Slack: name one by --endpoint"):
        reading.checks(arguments, output)


def test_names_of_instances_do_not_move_the_cursor() -> None:
    results = io.StringIO()
    Output(results, io.StringIO()).show(problem("instances", "\x1b[2Jweb\u202e-1 is off", "start\r it"))
    assert results.getvalue() == "✘ instances: �[2Jweb�-1 is off\n    → start� it\n"


def test_an_interrupted_question(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: object) -> None:
        raise EOFError

    monkeypatch.setattr(Stack, "deployed", interrupted)
    assert command_line.main(["doctor", "Ops", "--region", "eu-west-1"]) == 130
    assert "interrupted; what was written before stays" in capsys.readouterr().err


def test_without_boto3_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("chatops_setup.cli.find_spec", lambda _: None)
    assert main(["doctor", "Ops"]) == 2
    assert "pip install 'chatops-constructs[cli]'" in capsys.readouterr().err
