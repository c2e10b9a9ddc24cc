"""The two entry points, their log lines and their metrics."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from chatops_runtime.allowlist import projection, registrar
from chatops_runtime.contracts import allowlist as contract
from tests.runtime.allowlist.allowlist_double import ARN, IPV4, SECRET, AllowlistDouble, command, http

CONTEXT = SimpleNamespace(aws_request_id="request-1", get_remaining_time_in_millis=lambda: 60_000)
TIMER = {"version": 1, "kind": "timer"}
STREAM: dict[str, Any] = {"Records": [{"eventSource": "aws:dynamodb", "eventName": "INSERT", "dynamodb": {}}]}


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch) -> AllowlistDouble:
    made = AllowlistDouble()
    monkeypatch.setenv(contract.NAME, "Edge_Allowlist")
    monkeypatch.setattr(registrar, "_registrar", lambda: made.registrar)
    monkeypatch.setattr(projection, "_table", lambda: made.table)
    monkeypatch.setattr(projection, "_pair", lambda: made.pair)
    monkeypatch.setattr("time.time", lambda: made.time)
    return made


def line(captured: pytest.CaptureFixture[str]) -> dict[str, Any]:
    (text,) = captured.readouterr().out.splitlines()
    found: dict[str, Any] = json.loads(text)
    return found


class TestRegistrar:
    def test_who_did_what_from_where(self, double: AllowlistDouble, capsys: pytest.CaptureFixture[str]) -> None:
        assert registrar.handler(http("POST", "/iam/registrations", arn=ARN, source=IPV4), CONTEXT)["statusCode"] == 200
        assert line(capsys) == {
            "level": "INFO",
            "event": "allowlist",
            "allowlist": "Edge_Allowlist",
            "invocation": "http",
            "source": IPV4,
            "path": "/iam/registrations",
            "method": "POST",
            "owner": f"iam:{ARN}",
            "registered": [f"{IPV4}/32"],
            "status": 200,
            "request_id": "request-1",
        }

    def test_no_token_and_no_secret_in_the_log(
        self, double: AllowlistDouble, capsys: pytest.CaptureFixture[str]
    ) -> None:
        reply = registrar.handler(command(), CONTEXT)
        token = reply["mrkdwn"].partition("/#")[2].partition("|")[0]
        assert len(token) == 43
        for bearer in (token, token, SECRET, token[::-1]):
            registrar.handler(http("POST", "/registrations", bearer=bearer, body={"owner": "x"}), CONTEXT)
        registrar.handler(http("GET", f"/{token}", query={"token": token}, headers={"Cookie": token}), CONTEXT)
        registrar.handler(command(f"list {token}"), CONTEXT)
        logged = capsys.readouterr().out
        assert len(logged.splitlines()) == 7
        assert token not in logged
        assert token[::-1] not in logged
        assert SECRET not in logged

    def test_what_fails_is_said_without_details(
        self, double: AllowlistDouble, capsys: pytest.CaptureFixture[str]
    ) -> None:
        double.dynamodb.failures["get_item"] = ["AccessDeniedException"] * 2
        response = registrar.handler(http("GET", "/iam/registrations", arn=ARN), CONTEXT)
        assert response["statusCode"] == 500
        assert json.loads(response["body"])["error"] == {
            "code": "failed",
            "message": "something is wrong here; the log says more about request request-1",
        }
        logged = line(capsys)
        assert (logged["level"], logged["aws_error"]) == ("ERROR", "AccessDeniedException")
        with pytest.raises(Exception, match="AccessDeniedException"):
            registrar.handler(command("list"), CONTEXT)

    def test_it_answers_before_the_api_gives_up(self, double: AllowlistDouble) -> None:
        context = SimpleNamespace(aws_request_id="request-1", get_remaining_time_in_millis=lambda: 300_000)
        double.dynamodb.failures["transact_write_items"] = ["TransactionConflict"] * 10_000
        began = double.time
        assert registrar.handler(http("POST", "/iam/registrations", arn=ARN), context)["statusCode"] == 503
        assert 15 < double.time - began < 29

    @pytest.mark.parametrize(
        "event",
        [
            {},
            {"version": 2, "kind": "order", "text": "list", "by": "x"},
            {"version": 1, "kind": "order", "text": "list", "by": " "},
            {"version": 1, "kind": "order", "text": "list"},
            {"version": 1, "kind": "order", "text": 1, "by": "x"},
            {"version": 1, "kind": "order", "text": "list", "by": "x", "id": ""},
            {"version": 1, "kind": "timer"},
            {"version": 1},
            STREAM,
        ],
    )
    def test_events_of_nobody(
        self, double: AllowlistDouble, capsys: pytest.CaptureFixture[str], event: dict[str, Any]
    ) -> None:
        with pytest.raises(Exception, match=r"contract|order"):
            registrar.handler(event, CONTEXT)
        assert line(capsys)["error"] == "UnknownInvocationError"


class TestProjection:
    @pytest.mark.parametrize(
        ("event", "why"), [(TIMER, "timer"), ({"version": 1, "kind": "stack"}, "stack"), (STREAM, "stream")]
    )
    def test_a_line_with_metrics(
        self, double: AllowlistDouble, capsys: pytest.CaptureFixture[str], event: object, why: str
    ) -> None:
        double.http("POST", "/iam/registrations", arn=ARN)
        projection.handler(event, CONTEXT)
        logged = line(capsys)
        assert (logged["level"], logged["invocation"], logged["ipv6"]) == ("INFO", why, 1)
        assert (logged[contract.METRIC_BEHIND], logged[contract.METRIC_ENTRIES]) == (0, 1)
        assert logged[contract.DIMENSION] == "Edge_Allowlist"
        (definition,) = logged["_aws"]["CloudWatchMetrics"]
        assert definition["Namespace"] == contract.NAMESPACE

    @pytest.mark.parametrize("trouble", ["AccessDeniedException", "ThrottlingException"])
    def test_behind(self, double: AllowlistDouble, capsys: pytest.CaptureFixture[str], trouble: str) -> None:
        double.http("POST", "/iam/registrations", arn=ARN)
        double.waf.failures["update_ip_set"] = [trouble] * 100
        with pytest.raises(Exception, match=f"{trouble}|deadline"):
            projection.handler(TIMER, CONTEXT)
        logged = line(capsys)
        assert (logged["level"], logged["outcome"]) == ("ERROR", "behind")
        assert (logged[contract.METRIC_BEHIND], logged[contract.METRIC_ENTRIES]) == (1, 1)

    def test_a_stream_does_not_wait_for_what_fails(
        self, double: AllowlistDouble, capsys: pytest.CaptureFixture[str]
    ) -> None:
        double.http("POST", "/iam/registrations", arn=ARN)
        double.waf.failures["update_ip_set"] = ["AccessDeniedException"]
        projection.handler(STREAM, CONTEXT)
        logged = line(capsys)
        assert (logged["level"], logged[contract.METRIC_BEHIND]) == ("ERROR", 1)
        projection.handler(TIMER, CONTEXT)
        assert double.waf.networks == {"2001:db8:1:2::/64"}

    def test_the_table_cannot_be_read(self, double: AllowlistDouble, capsys: pytest.CaptureFixture[str]) -> None:
        double.dynamodb.failures["get_item"] = ["AccessDeniedException"]
        with pytest.raises(Exception, match="AccessDeniedException"):
            projection.handler(TIMER, CONTEXT)
        logged = line(capsys)
        assert logged[contract.METRIC_BEHIND] == 1
        assert contract.METRIC_ENTRIES not in logged

    @pytest.mark.parametrize("event", [{}, None, {"version": 1, "kind": "order"}, {"Records": None}])
    def test_events_of_nobody(self, double: AllowlistDouble, event: object) -> None:
        with pytest.raises(Exception, match=r"contract|timer"):
            projection.handler(event, CONTEXT)
