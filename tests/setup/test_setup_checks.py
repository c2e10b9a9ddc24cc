"""The checks as functions of what was found."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest

from chatops_runtime.contracts import request_log
from chatops_runtime.slack import signature
from chatops_setup import endpoint_checks, instance_checks, refusals, request, secret_kinds, slack_token
from chatops_setup.aws import DeniedCallError
from chatops_setup.finding import Finding, Level
from chatops_setup.https import Answer, post
from chatops_setup.instances import Agent, Profile, SeenInstance, SeenTarget
from chatops_setup.parameters import Secret, StoredParameter
from chatops_setup.refusals import LoggedRequest
from chatops_setup.slack_token import TokenAnswer
from chatops_setup.targets import Target

AT = datetime(2026, 11, 22, 7, 30, tzinfo=timezone.utc)
URL = "https://abc.execute-api.eu-west-1.amazonaws.com/slack/commands"
SECRET = "0123456789abcdef" * 2


def said(finding: Finding) -> tuple[Level, str]:
    return finding.level, finding.says


def message(text: str, ms: float = 12.0) -> Answer:
    return Answer(200, json.dumps({"response_type": "ephemeral", "text": text}).encode(), ms)


class TestSigning:
    def test_slacks_own_example(self) -> None:
        """https://docs.slack.dev/authentication/verifying-requests-from-slack."""
        body = (
            b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
            b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url="
            b"https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id="
            b"398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
        )
        assert request.signature(body, Secret("8f742231b10e8888abcd99yyyzzz85a5"), 1531420618) == {
            "X-Slack-Request-Timestamp": "1531420618",
            "X-Slack-Signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
        }


class TestEndpoint:
    @pytest.mark.parametrize(
        ("answer", "level", "says"),
        [
            (Answer(200, b"", 31.4), Level.OK, f"{URL} answered in 31 ms"),
            (Answer(None, error="Name or service not known"), Level.PROBLEM, f"{URL} cannot be reached: Name or"),
            (Answer(404, b"{}"), Level.PROBLEM, f"{URL} answered 404: nothing is there that takes Slack's requests"),
            (Answer(403, b"{}"), Level.PROBLEM, f"{URL} answered 403: nothing is there that takes Slack's requests"),
            (Answer(503, b""), Level.PROBLEM, f"{URL} answered 503"),
        ],
    )
    def test_reached(self, answer: Answer, level: Level, says: str) -> None:
        finding = endpoint_checks.reached(answer, URL)
        assert finding.level is level
        assert finding.says.startswith(says)
        assert bool(finding.remedy) == (level is not Level.OK)

    @pytest.mark.parametrize(
        ("answer", "level", "says"),
        [
            (message("*What you can run here*"), Level.OK, "acknowledged in 12 ms, of the 3,000 ms that Slack waits"),
            (message("x", 3_001), Level.WARNING, "acknowledged after 3,001 ms; Slack waits 3,000 ms"),
            (
                message("Internal error (request id `1`). Whoever"),
                Level.PROBLEM,
                "the endpoint answered “Internal error (",
            ),
            (Answer(401, b"Unauthorized"), Level.PROBLEM, "the endpoint refused the signature"),
            (Answer(403, b"Forbidden"), Level.PROBLEM, "the endpoint refused the workspace or the app"),
            (Answer(200, b"<html>"), Level.PROBLEM, "the endpoint answered 200 after"),
            (Answer(200, b"[]"), Level.PROBLEM, "the endpoint answered 200 after"),
            (Answer(502, b""), Level.PROBLEM, "the endpoint answered 502 after"),
            (
                Answer(None, error="no answer within 10 seconds"),
                Level.PROBLEM,
                "the endpoint answered no answer within",
            ),
        ],
    )
    def test_acknowledged(self, answer: Answer, level: Level, says: str) -> None:
        finding = endpoint_checks.acknowledged(answer, "/ops/secret")
        assert finding.level is level
        assert finding.says.startswith(says)

    @pytest.mark.parametrize(
        ("answer", "level", "says"),
        [
            (Answer(200, b'{"challenge": "x1"}'), Level.OK, "the Request URL answers Slack's challenge"),
            (Answer(200, b""), Level.PROBLEM, "the endpoint answered 200 to Slack's challenge"),
            (Answer(400, b"x1"), Level.PROBLEM, "the endpoint answered 400 to Slack's challenge"),
            (Answer(None, error="no answer"), Level.PROBLEM, "the endpoint answered no answer to Slack's challenge"),
        ],
    )
    def test_verified(self, answer: Answer, level: Level, says: str) -> None:
        finding = endpoint_checks.verified(answer, "x1")
        assert finding.level is level
        assert finding.says.startswith(says)

    def test_the_challenge_is_signed_as_slack_signs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sent: list[Any] = []

        def send(*arguments: Any) -> Answer:
            sent.append(arguments)
            return Answer(200)

        monkeypatch.setattr(request, "post", send)
        request.verify_url(URL, Secret(SECRET))
        ((url, body, headers),) = sent
        asked = {"type": "url_verification", "token": "setup", "challenge": request.CHALLENGE}
        assert (url, json.loads(body), headers["Content-Type"]) == (URL, asked, "application/json")
        lower = {name.lower(): value for name, value in headers.items()}
        assert signature.refusal(lower, body, [SECRET]) is None

    def test_secrets_go_over_https_or_nowhere(self) -> None:
        assert post("http://127.0.0.1:1/", b"secret", {}).error == "it is no https URL"


def line(outcome: str, *, at: float = 0.0, status: int = 401, user: str = "") -> LoggedRequest:
    return LoggedRequest(AT.timestamp() + 120 + at, outcome, status, user)


class TestRefusals:
    def judged(self, *lines: LoggedRequest) -> Finding:
        return refusals.judged(lines, AT)

    def test_nothing(self) -> None:
        assert said(self.judged()) == (Level.OK, "none in the last hour")

    def test_what_this_program_sent_does_not_count(self) -> None:
        probe = line(request_log.HELP, status=200, user=request.USER)
        assert said(self.judged(probe, line("ssl_check", status=200))) == (Level.OK, "none in the last hour")

    def test_the_latest_decides(self) -> None:
        typed = line(request_log.STARTED, status=200, user="U123")
        wrong = line("signature_wrong")
        assert said(self.judged(wrong, typed)) == (Level.OK, "2 in the last hour; the latest was answered (started)")
        finding = self.judged(typed, wrong, wrong)
        assert said(finding) == (
            Level.PROBLEM,
            "refused 2 times in the last hour, the latest too: signature_wrong",
        )
        assert "Client Secret" in finding.remedy

    def test_refusals_of_an_earlier_secret_do_not_count(self) -> None:
        assert said(self.judged(line("signature_wrong", at=-90))) == (Level.OK, "none in the last hour")
        assert self.judged(line("another_app", at=-90)).level is Level.PROBLEM

    @pytest.mark.parametrize("outcome", ["method_not_allowed", "timestamp_out_of_range", "signature_missing"])
    def test_strangers_do_not_count(self, outcome: str) -> None:
        assert self.judged(line(outcome)).level is Level.OK

    @pytest.mark.parametrize(
        "outcome", ["another_team", "another_app", "secret_unusable", request_log.INTERNAL_ERROR, "start_refused"]
    )
    def test_each_has_a_remedy(self, outcome: str) -> None:
        finding = self.judged(line(outcome))
        assert finding.level is Level.PROBLEM
        assert finding.remedy


STORED = StoredParameter("/ops/secret", "SecureString", 3, AT, "alias/aws/ssm")


class TestSecrets:
    @pytest.mark.parametrize(
        ("value", "kind", "good"),
        [
            ("0123456789abcdef" * 2, secret_kinds.SIGNING_SECRET, True),
            (" 0123456789abcdef0123456789abcdef\n", secret_kinds.SIGNING_SECRET, True),
            ("0123456789ABCDEF" * 2, secret_kinds.SIGNING_SECRET, False),
            ("0123456789abcdef", secret_kinds.SIGNING_SECRET, False),
            ("xoxb-12345-67890-abcDEF", secret_kinds.BOT_TOKEN, True),
            ("xoxp-12345-67890-abcDEF", secret_kinds.BOT_TOKEN, False),
            ("xoxb-123", secret_kinds.BOT_TOKEN, False),
        ],
    )
    def test_shapes(self, value: str, kind: secret_kinds.SecretKind, good: bool) -> None:
        refusal = kind.refusal(Secret(value))
        assert (refusal is None) == good
        assert value not in (refusal or "")

    def test_a_secret_is_in_no_representation(self) -> None:
        assert "canary" not in repr(Secret("canary"))

    def test_what_is_stored(self) -> None:
        def level(stored: Any, secret: Secret | None) -> Level:
            return secret_kinds.stored(secret_kinds.SIGNING_SECRET, "/ops/secret", stored, secret).level

        assert level(STORED, Secret("0123456789abcdef" * 2)) is Level.OK
        assert level(STORED, None) is Level.OK
        assert level(STORED, Secret("changeme")) is Level.PROBLEM
        assert level(None, None) is Level.PROBLEM


class TestBotToken:
    @pytest.mark.parametrize(
        ("answer", "level", "says"),
        [
            (TokenAnswer(team_id="T1", user="ops"), Level.OK, "Slack takes it: ops in T1"),
            (
                TokenAnswer(team_id="T1", user="ops", scopes=frozenset({"chat:write", "files:write"})),
                Level.OK,
                "Slack takes it: ops in T1; long results come in several messages without im:write",
            ),
            (
                TokenAnswer(team_id="T1", user="ops", scopes=frozenset({"commands"})),
                Level.PROBLEM,
                "the bot ops may not",
            ),
            (TokenAnswer(team_id="T2", user="ops"), Level.PROBLEM, "/t is of the workspace T2, the stack serves T1"),
            (TokenAnswer(error="token_revoked"), Level.PROBLEM, "Slack refuses what /t holds: token_revoked"),
            (TokenAnswer(unreachable="timed out"), Level.UNKNOWN, "Slack could not be asked: timed out"),
        ],
    )
    def test_what_slack_says(self, answer: TokenAnswer, level: Level, says: str) -> None:
        finding = slack_token.judged(answer, "/t", "T1")
        assert finding.level is level
        assert finding.says.startswith(says)

    @pytest.mark.parametrize(
        ("scopes", "says"),
        [
            (None, "Slack takes it: ops in T1"),
            ({"chat:write", "usergroups:read"}, "Slack takes it: ops in T1; long results"),
            (
                {"chat:write"},
                "the bot ops may not find out who may run some commands, and refuses everybody: it lacks usergroups:",
            ),
            ({"commands"}, "the bot ops may not post: it lacks chat:write and usergroups:read"),
        ],
    )
    def test_what_some_commands_need(self, scopes: set[str] | None, says: str) -> None:
        answer = TokenAnswer(team_id="T1", user="ops", scopes=None if scopes is None else frozenset(scopes))
        assert slack_token.judged(answer, "/t", "T1", frozenset({"usergroups:read"})).says.startswith(says)

    def test_scopes_are_read_from_the_header(self, monkeypatch: pytest.MonkeyPatch) -> None:
        body = json.dumps({"ok": True, "team_id": "T1", "user": "ops"}).encode()
        headers = {"x-oauth-scopes": "commands, chat:write"}
        monkeypatch.setattr(slack_token, "post", lambda *_: Answer(200, body, headers=headers))
        assert slack_token.ask(Secret("xoxb-1")).scopes == frozenset({"commands", "chat:write"})


POLICY = "arn:aws:iam::123456789012:policy/Ops"
WIDE = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
ONLINE = Agent("3.3.1", "Online", AT)
LOST = Agent("3.3.1", "ConnectionLost", AT)


def instance(*policies: str, agent: Agent | None = ONLINE, state: str | None = "running", **more: Any) -> SeenInstance:
    profile = Profile("web", "web", frozenset(policies))
    return SeenInstance(**{"id": "i-1", "name": "web-1", "state": state, "profile": profile, "agent": agent, **more})


class TestInstances:
    def judged(self, *instances: SeenInstance) -> list[tuple[Level, str]]:
        seen = SeenTarget(Target(tags=(("Role", ("web",)),)), instances, ())
        return [said(each) for each in instance_checks.judged(seen, POLICY)]

    @pytest.mark.parametrize(
        ("seen", "level", "says"),
        [
            (instance(POLICY), Level.OK, "web-1 (i-1) is online, agent 3.3.1, profile web, and its role web has the"),
            (
                instance(name=""),
                Level.WARNING,
                "i-1 is online, agent 3.3.1; the role web does not have the stack's policy",
            ),
            (instance(POLICY, WIDE), Level.WARNING, "web-1 (i-1) is online, agent 3.3.1; the role web has AmazonSSM"),
            (instance(profile=None), Level.OK, "web-1 (i-1) is online, agent 3.3.1"),
            (
                instance(profile=Profile("web", "web", None)),
                Level.OK,
                "web-1 (i-1) is online, agent 3.3.1, profile web",
            ),
            (instance(state=None, profile=None), Level.OK, "web-1 (i-1) is online"),
            (
                instance(POLICY, state="stopped", agent=LOST),
                Level.WARNING,
                "web-1 (i-1) is stopped: commands leave it out",
            ),
            (
                instance(POLICY, agent=LOST),
                Level.PROBLEM,
                "web-1 (i-1) is not online: its agent 3.3.1 is ConnectionLost",
            ),
            (instance(WIDE, agent=LOST), Level.PROBLEM, "web-1 (i-1) is not online: its agent 3.3.1 is ConnectionLost"),
            (instance(agent=LOST), Level.PROBLEM, "web-1 (i-1) is not online: its role web does not have the stack's"),
            (instance(POLICY, agent=None), Level.PROBLEM, "web-1 (i-1): no SSM agent has ever come from it"),
            (instance(agent=None, profile=None), Level.PROBLEM, "web-1 (i-1) has no instance profile"),
            (
                instance(agent=None, profile=Profile("web", None, frozenset())),
                Level.PROBLEM,
                "web-1 (i-1): its profile",
            ),
        ],
    )
    def test_of_each(self, seen: SeenInstance, level: Level, says: str) -> None:
        found = self.judged(seen)[0]
        assert found[0] is level
        assert found[1].startswith(says)

    def test_one_that_is_online_is_enough_for_the_target(self) -> None:
        last = (Level.PROBLEM, "of Role=web none is online: commands fail")
        assert last not in self.judged(instance(POLICY), instance(POLICY, agent=LOST))
        assert last in self.judged(instance(POLICY, agent=LOST), instance(POLICY, state="stopped", agent=None))

    def test_of_ids_each_has_to_be_there(self) -> None:
        seen = SeenTarget(Target(ids=("i-1", "i-2")), (instance(POLICY),), ())
        found = [said(each) for each in instance_checks.judged(seen, POLICY)]
        assert found[0] == (Level.PROBLEM, "there is no instance i-2")
        assert [level for level, _ in found[1:]] == [Level.OK]

    def test_what_may_not_be_looked_at_is_not_called_missing(self) -> None:
        denied = DeniedCallError("ec2:DescribeInstances", None)
        seen = SeenTarget(Target(tags=(("Role", ("web",)),)), (), (denied,))
        assert [each.level for each in instance_checks.judged(seen, POLICY)] == [Level.UNKNOWN]
