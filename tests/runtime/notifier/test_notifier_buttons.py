"""Buttons below notices: what they run, that it stays what it is, and that no notice suffers from them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.arguments import parse
from chatops_runtime.contracts import control
from chatops_runtime.notifier.batch import say
from chatops_runtime.notifier.command_button import CommandButton, quoted
from chatops_runtime.notifier.composition import compose
from chatops_runtime.notifier.envelope import Envelope
from chatops_runtime.slack import interaction
from chatops_runtime.slack.message import Message
from chatops_runtime.slack.web_client import SlackRefusedError
from tests.runtime.block_kit import checked, texts
from tests.runtime.notifier.notices import alarm, record
from tests.runtime.notifier.test_notifier_dead_letters import Sqs
from tests.runtime.slack_requests import APP, TEAM

UUID = "0d3c7a1e-5a4c-4a7b-9f51-3f1f2c8f0a11"
SEARCH = {
    "command": "/logsearch",
    "label": "Search the logs",
    "find": "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "text": "--since 3h",
    "confirm": True,
}
STATUS = {"command": "/ops status", "label": "Status", "text": "", "confirm": False}
ID = [{"name": "id", "kind": "text", "required": True, "longest": 1000}]


def buttons(*declarations: dict[str, Any]) -> tuple[CommandButton, ...]:
    return CommandButton.of_environment(json.dumps(declarations))


def rows(message: Message) -> list[list[dict[str, Any]]]:
    return [block["elements"] for block in checked(message) if block["type"] == "actions"]


def line(published: str, *, subject: str = "", **changes: Any) -> str | None:
    (button,) = buttons({**SEARCH, "text": "", **changes})
    return button.command_line(Envelope.of(record(published, subject=subject)))


def test_what_a_notice_has_is_in_the_button_and_in_its_dialog():
    message = compose([record(f"Order {UUID} failed")], buttons(SEARCH))
    ((button,),) = rows(message)
    assert button["value"] == f"/logsearch {UUID} --since 3h"
    assert button["text"]["text"] == "Search the logs"
    assert button["confirm"]["text"]["text"] == f"/logsearch {UUID} --since 3h"
    assert texts(checked(message)) == message.text == f"Order {UUID} failed"


def test_without_it_there_is_no_button_and_the_message_is_as_ever():
    published = [record("Order 7 failed")]
    assert compose(published, buttons(SEARCH)) == compose(published)


def test_a_fixed_one_is_below_every_notice_and_beside_others():
    message = compose([record(alarm(NewStateReason=UUID)), record("hello", second=1)], buttons(SEARCH, STATUS))
    first, second = rows(message)
    assert [element["value"] for element in first] == [f"/logsearch {UUID} --since 3h", "/ops status"]
    assert [element["action_id"] for element in first] == ["chatops.run.0", "chatops.run.1"]
    assert all(control.is_run(element["action_id"]) for element in [*first, *second])
    assert [element["value"] for element in second] == ["/ops status"]
    assert "confirm" not in second[0]


def test_each_row_is_below_its_own_notice():
    others = [record(f"{number}{UUID[1:]}", second=9 - number) for number in range(3)]
    kinds = [block["type"] for block in checked(compose(others, buttons(SEARCH)))]
    assert kinds == ["section", "actions"] * 3
    values = [row[0]["value"] for row in rows(compose(others, buttons(SEARCH)))]
    assert values == [f"/logsearch {number}{UUID[1:]} --since 3h" for number in (2, 1, 0)]


def test_a_digest_has_none():
    message = compose([record(UUID)] * 4, buttons(SEARCH, STATUS))
    assert message.blocks is None


def test_the_first_match_counts_and_the_group_if_there_is_one():
    assert line("req=a1 req=b2", find="req=([a-z0-9]+)") == "/logsearch a1"
    assert line("req=a1", find="req=[a-z0-9]+") == "/logsearch req=a1"


def test_the_subject_comes_first_and_json_is_as_it_was_published():
    assert line('{"requestId": "b2"}', subject="requestId a1", find="a1|b2") == "/logsearch a1"
    assert line('{"requestId": "b2"}', find='"requestId": "(..)"') == "/logsearch b2"


@pytest.mark.parametrize("found", ["", "x" * 201, "a\u202eb", "a\nb", "a\x00b"])
def test_what_is_no_id_makes_no_button(found):
    assert line(f"<{found}>", find="(?s)<(.*)>") is None


def test_a_group_that_took_no_part_makes_no_button():
    assert line("b", find="(a)|b") is None


def test_only_the_beginning_of_a_notice_is_looked_at():
    assert line("x" * 9_990 + " " + UUID) is None
    assert line("x" * 9_000 + " " + UUID) == f"/logsearch {UUID}"


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (UUID, UUID),
        ("1-67e5a3b1-0123", "1-67e5a3b1-0123"),
        ("two words", '"two words"'),
        ("--force", '"--force"'),
        ("-x", '"-x"'),
        ('a" --force "', '"a\\" --force \\""'),
        ("a” --force “", '"a\\" --force \\""'),
        ("a’b", '"a\'b"'),
        ("a\\", '"a\\\\"'),
        ("<!channel>", '"&lt;!channel&gt;"'),
        ("a;b", '"a;b"'),
        ("$(id)", '"$(id)"'),
    ],
)
def test_it_stays_one_argument(found, word):
    assert quoted(found) == word


@given(st.text(min_size=1, max_size=100).filter(str.isprintable), st.sampled_from(["", " --force"]))
def test_whatever_a_notice_holds_is_one_argument_of_the_command(found, further):
    flag = {"name": "force", "kind": "flag", "required": False}
    value = f"/logsearch {quoted(found)}{further}"
    arguments = parse([*ID, flag], clicked(value))  # type: ignore[list-item]
    assert set(arguments) == {"id", "force"}
    assert arguments["force"] is bool(further)
    plain = str.maketrans({**dict.fromkeys("“”„‟", '"'), **dict.fromkeys("‘’‚‛", "'"), "—": "--"})
    if "–" not in found and found.strip() == found:
        assert arguments["id"] == found.translate(plain)


def clicked(value: str) -> str:
    """The text that dispatch makes of a click on a button with `value`."""
    payload = {
        "type": "block_actions",
        "user": {"id": "U1", "team_id": TEAM},
        "team": {"id": TEAM},
        "api_app_id": APP,
        "container": {"type": "message", "channel_id": "C1", "message_ts": "1.2"},
        "response_url": f"https://hooks.slack.com/actions/{TEAM}/1/x",
        "actions": [{"action_id": "chatops.run.0", "value": value}],
    }
    command = interaction.Interaction(payload).as_command()
    assert command.command == "/logsearch"
    return command.text


LONG = [record("word " * 3_000 + f"{UUID}", subject=f"{UUID} {number}", second=number) for number in range(3)]


def test_long_notices_with_buttons_are_still_taken_and_no_shorter_than_without():
    message = compose(LONG, buttons(SEARCH, STATUS, {**STATUS, "label": "x" * 75}))
    assert len(rows(message)) == 3
    assert len(message.text) >= len(compose(LONG).text) - 500


def test_buttons_that_would_cost_a_notice_its_room_are_left_out():
    wide = {"command": "/x", "label": "l" * 75, "text": "t" * 200, "confirm": True}
    message = compose(LONG, buttons(wide, wide, wide))
    assert 0 < len(rows(message)) < 3
    assert message.text.count("This notice was cut") == 3


@given(st.lists(st.text(max_size=5_000) | st.text("`<>&\n*", max_size=9_000), min_size=1, max_size=3))
def test_slack_takes_any_notice_with_a_button(bodies):
    message = compose([record(body) for body in bodies], buttons(STATUS))
    blocks = checked(message)
    assert len(rows(message)) == len(bodies)
    for block in blocks:
        assert texts([block]).count("```") % 2 == 0


class Delivery:
    def __init__(self, code: str) -> None:
        self.code = code
        self.messages: list[Message] = []

    def deliver(self, message: Message, deadline: float) -> None:
        self.messages.append(message)
        if message.blocks is not None:
            raise SlackRefusedError(self.code, 200)


def test_buttons_that_slack_does_not_like_cost_no_notice(capsys):
    delivery, sqs = Delivery("invalid_blocks"), Sqs()
    outcome = say([record(UUID)], 0, delivery, sqs, buttons(SEARCH))  # type: ignore[arg-type]
    assert outcome.facts == {"outcome": "posted"}
    with_buttons, without = delivery.messages
    assert without.text == with_buttons.text
    assert UUID not in capsys.readouterr().out
    assert not sqs.batches
