"""LogSearch: what it declares, what it creates, what it may, and what its states hand to the function."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, ClassVar

import aws_cdk as cdk
import pytest
from aws_cdk import aws_logs as logs

from chatops_constructs import LogSearch, SlackCredentials
from chatops_constructs.slack.arguments.patterns import check_pattern
from chatops_runtime.arguments import parse
from chatops_runtime.contracts import asking
from chatops_runtime.log_search import handler as module
from chatops_runtime.log_search.patience import Patience
from chatops_runtime.report.rendering import render
from chatops_runtime.report.report import Report
from tests.constructs.stacks import Synthesised, add, endpoint, new_stack
from tests.constructs.states_language import Execution
from tests.runtime.log_search.fake_logs import FakeLogs, events
from tests.runtime.slack_requests import Context

if TYPE_CHECKING:
    from collections.abc import Callable

ORDERS, BILLING = "/aws/lambda/orders", "/aws/lambda/billing"
TYPED = {"text": "abc-1", "since": "2025-11-22T01:00:00Z", "until": "2025-11-22T02:00:00Z"}


def imported(scope: cdk.Stack, *names: str) -> list[logs.ILogGroup]:
    return [logs.LogGroup.from_log_group_name(scope, f"Group{number}", name) for number, name in enumerate(names)]


def labels(*log_groups: logs.ILogGroup) -> list[str]:
    (choice,) = (one for one in LogSearch(log_groups=log_groups).arguments if one.name == "group")
    return list(choice.choices)  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def synthesised() -> Synthesised:
    app, stack = new_stack()
    slack = endpoint(stack, credentials=SlackCredentials.from_parameters("/ops/prod"))
    made = logs.LogGroup(stack, "MadeLogs")
    add(slack, "/logsearch", LogSearch(log_groups=[*imported(stack, ORDERS, BILLING), made]))
    add(slack, "/logs all", LogSearch(log_groups={"only": made}, correlation=(), insights_above=0), confirm=True)
    return Synthesised.of(app, stack)


class TestLabels:
    def test_the_last_part_of_a_name(self) -> None:
        _, stack = new_stack()
        assert labels(*imported(stack, ORDERS, "/ecs/mail", "plain")) == ["orders", "mail", "plain"]

    def test_as_many_parts_as_tell_them_apart(self) -> None:
        _, stack = new_stack()
        names = ("/prod/shop/api", "/dev/shop/api", "/dev/mail/api", "/prod/db")
        assert labels(*imported(stack, *names)) == ["prod/shop/api", "dev/shop/api", "mail/api", "db"]

    def test_what_the_ids_say_of_one_that_gets_its_name_later(self) -> None:
        _, stack = new_stack()
        named = logs.LogGroup(stack, "OrdersAPI2Logs")
        inner = logs.LogGroup(cdk.Stack(stack, "MailStack"), "LogGroup")
        assert labels(named, inner) == ["orders-api-2", "mail-stack"]

    def test_those_that_were_chosen(self) -> None:
        _, stack = new_stack()
        first, second = imported(stack, ORDERS, BILLING)
        choice = LogSearch(log_groups={"a": first, "b": second}).arguments[-1]
        assert choice.usage == "[--group a|b]"


class TestArguments:
    def test_what_may_be_typed(self) -> None:
        _, stack = new_stack()
        search = LogSearch(log_groups=imported(stack, ORDERS, BILLING), since=cdk.Duration.hours(12))
        usage = " ".join(argument.usage for argument in search.arguments)
        assert usage == "<text> [--since 12h] [--until 3h] [--group orders|billing]"

    def test_one_group_is_not_chosen(self) -> None:
        _, stack = new_stack()
        names = [argument.name for argument in LogSearch(log_groups=imported(stack, ORDERS)).arguments]
        assert names == ["text", "since", "until"]

    def test_what_is_typed_is_what_the_function_reads(self) -> None:
        _, stack = new_stack()
        search = LogSearch(log_groups=imported(stack, ORDERS, BILLING))
        declared = [argument.render() for argument in search.arguments]
        parsed = parse(declared, "abc-1 --until 2025-11-22T02:00Z --group billing")
        assert parsed == {"text": "abc-1", "since": "-10800", "until": "2025-11-22T02:00:00Z", "group": "billing"}


BAD: list[tuple[Callable[[cdk.Stack], dict[str, Any]], str]] = [
    (lambda _: {"log_groups": []}, "log_groups is '0 log groups'; allowed: 1 to 100"),
    (lambda stack: {"log_groups": imported(stack, *[f"/g/{n}" for n in range(101)])}, "'101 log groups'"),
    (lambda stack: {"log_groups": imported(stack, ORDERS) * 2}, "each group once"),
    (lambda stack: {"log_groups": {"a b": imported(stack, ORDERS)[0]}}, "log_groups is 'a b'"),
    (lambda stack: {"log_groups": {"x" * 76: imported(stack, ORDERS)[0]}}, "up to 75 characters"),
    (lambda _: {"since": cdk.Duration.seconds(30)}, "since is '30 seconds'"),
    (lambda _: {"timeout": cdk.Duration.seconds(9)}, "timeout is '9 seconds'; allowed: a Duration of 10 seconds to 14"),
    (lambda _: {"timeout": cdk.Duration.minutes(15)}, "timeout is '15 minutes'"),
    (lambda _: {"insights_above": -1}, "insights_above is -1"),
    (lambda _: {"correlation": ["("]}, r"correlation is '\('"),
    (lambda _: {"correlation": ["(a+)+"]}, "may take for ever"),
    (lambda _: {"correlation": ["(a)(b)"]}, "one group at most"),
    (lambda _: {"correlation": ["a"] * 6}, "up to 5 patterns"),
]


@pytest.mark.parametrize(("options", "message"), BAD)
def test_what_is_refused(options: Callable[[cdk.Stack], dict[str, Any]], message: str) -> None:
    _, stack = new_stack()
    given = options(stack)
    if "log_groups" not in given:
        given["log_groups"] = imported(stack, ORDERS)
    with pytest.raises(ValueError, match=message):
        LogSearch(**given)


def test_the_pattern_of_trace_ids_is_one() -> None:
    problems: list[object] = []

    class Problems:
        def check(self, fine: bool, *_: object, **__: object) -> None:
            problems.extend([] if fine else [fine])

    check_pattern(Problems(), LogSearch.X_RAY_TRACE_ID)  # type: ignore[arg-type]
    assert problems == []
    assert re.fullmatch(LogSearch.X_RAY_TRACE_ID, "1-5759e988-bd862e3fe1be46a994272793")


class TestPermissions:
    def test_the_function_reads_these_groups_and_no_others(self, synthesised: Synthesised) -> None:
        (reading,) = [
            one for one in synthesised.statements("LogsearchSearchRole") if "logs:FilterLogEvents" in one["Action"]
        ]
        assert reading["Action"] == ["logs:FilterLogEvents", "logs:StartQuery"]
        shown = json.dumps(reading["Resource"])
        assert [shown.count(name) for name in (f":log-group:{ORDERS}:*", f":log-group:{BILLING}:*", "MadeLogs")] == [
            1
        ] * 3
        assert len(reading["Resource"]) == 3

    def test_what_has_no_resource_is_in_a_policy_of_its_own_once(self, synthesised: Synthesised) -> None:
        (policy,) = [
            one for id, one in synthesised.resources("IAM::ManagedPolicy").items() if id.startswith("LogQueries")
        ]
        (statement,) = policy["PolicyDocument"]["Statement"]
        assert statement["Action"] == ["logs:GetQueryResults", "logs:StopQuery", "logs:DescribeLogGroups"]
        assert statement["Resource"] == "*"

    def test_the_machine_may_invoke_the_function(self, synthesised: Synthesised) -> None:
        (statement,) = synthesised.statements("LogsearchMachineRole")
        assert statement["Action"] == "lambda:InvokeFunction"
        assert "Search" in json.dumps(statement["Resource"])

    def test_a_hundred_groups_fit(self) -> None:
        app, stack = new_stack()
        names = [f"/aws/lambda/{'x' * 40}-{number}" for number in range(100)]
        add(endpoint(stack), "/logsearch", LogSearch(log_groups=imported(stack, *names)))
        made = Synthesised.of(app, stack)
        found = json.dumps([*made.resources("IAM::Policy").values(), *made.resources("IAM::ManagedPolicy").values()])
        assert all(f"{name}:*" in found for name in names)
        for policy in made.resources("IAM::ManagedPolicy").values():
            # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
            assert len(json.dumps(policy["PolicyDocument"], separators=(",", ":"))) < 6_144 * 2  # with its references


class Services:
    """What the command's state machine calls: the real function over made-up logs, and a report that notes."""

    def __init__(self, fake: FakeLogs) -> None:
        self.fake = fake
        self.searches: list[dict[str, Any]] = []
        self.progress: list[dict[str, Any]] = []
        self.reports: list[dict[str, Any]] = []

    def __call__(self, resource: str, arguments: Any) -> Any:
        if resource != "lambda:invoke":
            return {}
        payload = arguments["Payload"]
        if "groups" in payload:
            self.searches.append(payload)
            return {"Payload": module.handler(payload, Context())}
        if payload.get("event") == asking.PROGRESS:
            self.progress.append(payload)
            return {"Payload": {"used": payload["used"] + 1}}
        self.reports.append(payload)
        return {"Payload": {"done": True, "said": 1, "delivered_by": "response_url"}}


class TestStates:
    """What the states hand to the function is what it reads, and what it answers is what is reported."""

    REQUEST: ClassVar = {
        "version": 1,
        "command": "/logsearch",
        "text": "abc-1",
        "arguments": TYPED,
        "team_id": "T0",
        "channel_id": "C0",
        "channel_name": "ops",
        "user_id": "U0",
        "user_name": "taro",
        "visible": "user",
        "response_url": "https://hooks.slack.com/commands/T0/1/x",
    }

    @pytest.fixture
    def run(self, synthesised: Synthesised, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Services]:
        (definition,) = (one for name, one in synthesised.definitions().items() if "_Commands_Logsearch_" in name)

        def go(seconds_of_a_call: float, *, page: int = 100) -> Services:
            names = [group["name"] for group in payload_of(definition)["groups"]]
            lines = {name: events(*(f"abc-1 {name} {number}" for number in range(6))) for name in names}
            services = Services(FakeLogs(lines, page=page))
            now = 0.0

            def pass_time(seconds: float = seconds_of_a_call) -> None:
                nonlocal now
                now += seconds

            services.fake.on_call = pass_time
            monkeypatch.setattr(module, "logs_client", lambda: services.fake)
            monkeypatch.setattr(
                module, "Patience", lambda seconds: Patience(seconds, clock=lambda: now, sleep=pass_time)
            )
            Execution(services, self.REQUEST).run(definition)
            return services

        return go

    def test_a_quick_search_says_its_result_once(self, run: Callable[..., Services]) -> None:
        services = run(0.01)
        assert (len(services.searches), services.progress) == (1, [])
        (reported,) = services.reports
        assert reported["used"] == 0
        assert len(reported["outcome"]["result"]["lines"]) == 18
        (message,) = render(Report.from_event(reported), files=False).messages
        assert "found 18 lines of `abc-1` in 3 of 3 log groups" in message.text

    def test_one_that_takes_longer_says_its_first_lines_and_goes_on(self, run: Callable[..., Services]) -> None:
        services = run(1.0, page=2)
        first, second = services.searches
        assert (first["is_last"], second["is_last"], second["seconds"]) == (False, True, 300)
        (said,) = services.progress
        assert not said["result"]["over"]
        (reported,) = services.reports
        assert (reported["used"], said["used"]) == (1, 0)
        assert len(reported["outcome"]["result"]["lines"]) == 18

    def test_what_was_said_while_somebody_was_asked_counts_as_well(self, synthesised: Synthesised) -> None:
        (definition,) = (one for name, one in synthesised.definitions().items() if "_Commands_LogsAll_" in name)
        used = definition["States"]["Report"]["Arguments"]["Payload"]["used"]
        assert used == "{% $exists($outcome.result.used) ? $outcome.result.used : $admitted.used %}"


def payload_of(definition: dict[str, Any]) -> dict[str, Any]:
    (branch,) = definition["States"]["Action"]["Branches"]
    payload: dict[str, Any] = branch["States"]["Search"]["Arguments"]["Payload"]
    return payload
