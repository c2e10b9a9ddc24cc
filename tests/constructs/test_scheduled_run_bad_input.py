"""Bad input of a ScheduledRunCommand: the parameter, the value, what is allowed and what to do."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sns as sns

from chatops_constructs import NotificationTarget, RunOn, RunScript, ScheduledRunCommand, SuccessIf
from tests.constructs.stacks import WEB, scheduled
from tests.constructs.test_bad_input import NONE, SECONDS, Bad, token

ANY_ONE: dict[str, Any] = {"run_on": RunOn.ANY_ONE}
PERCENT = "a whole number from 1 to 100"
WITHIN = "whole multiples of 5 minutes up to 1 day, of 1 hour up to 7 days"


def bad(parameter: str, value: str, allowed: str, remedy: str, **options: Any) -> Bad:
    return Bad(lambda stack: scheduled(stack, **options), parameter, value, allowed, remedy)


BAD = {
    "no schedule": bad("schedule", "None", "a ScheduleExpression of aws_cdk.aws_scheduler", "cron(", schedule=NONE),
    "cron as text": bad(
        "schedule",
        "'cron(0 2 * * ? *)'",
        "a ScheduleExpression",
        "ScheduleExpression.cron(",
        schedule="cron(0 2 * * ? *)",
    ),
    **{
        f"description {str(value)[:9]!r}": bad(
            "description", repr(value), "1 to 512 characters", "in a few words, or leave it out", description=value
        )
        for value in ("", "x" * 513, 7)
    },
    "no targets": bad("targets", "None", "Ec2Targets.by_tag(…)", "on which instances", targets=NONE),
    "targets to pick": bad("targets", "pick(max=1)", "without pick()", "RunOn.ANY_ONE", targets=WEB.pick()),
    "a tag for targets": bad("targets", "'Role=web'", "Ec2Targets.by_tag(…)", "on which instances", targets="Role=web"),
    "no script": bad("script and script_file", "missing", "exactly one", "the script itself or the", script=None),
    "two scripts": bad("script and script_file", "given", "exactly one", "the script itself", script_file="x.sh"),
    "a blank script": bad("script", r"' \n'", "at least one command", "what is to be run", script=" \n"),
    "NUL in a script": bad("script", "NUL", "text without NUL", "take it out", script="a\0b"),
    "a file that is not there": bad(
        "script_file", "'no/such.sh'", "a file", "or name another", script=None, script_file="no/such.sh"
    ),
    **{
        f"run_on {value!r}": bad("run_on", repr(value), "RunOn.ALL or RunOn.ANY_ONE", "choose one", run_on=value)
        for value in ("ALL", None, True)
    },
    **{
        f"overlap {value!r}": bad("overlap", repr(value), "Overlap.SKIP, Overlap.LOCK or", "choose one", overlap=value)
        for value in ("SKIP", None, False)
    },
    **{
        f"min_targets {value!r}": bad(
            "min_targets", repr(value), "a whole number from 1 to 300", "how many instances", min_targets=value
        )
        for value in (0, -1, 301, 1.5, "2", None, True)
    },
    **{
        f"success_if {value!r}": bad("success_if", repr(value), "SuccessIf.all()", "on how many", success_if=value)
        for value in ("all", 2, 0.5)
    },
    **{
        f"max_concurrency {value!r}": bad(
            "max_concurrency", repr(value), "a number from 1, or", "like '10' or '50%'", max_concurrency=value
        )
        for value in ("0", "0%", "101%", "-1", "1.5", "ten", "", 10, None, "1 ", "007", "10 %")
    },
    **{
        f"max_errors {value!r}": bad(
            "max_errors", repr(value), "a number from 0, or", "like '10' or '50%'", max_errors=value
        )
        for value in ("-1", "101%", "1.5", "none", "", 0, None, "00")
    },
    **{
        f"{name} with ANY_ONE": bad(
            name,
            "given with RunOn.ANY_ONE",
            "nothing, since the script runs on one instance",
            "leave it out",
            **{name: value},
            **ANY_ONE,
        )
        for name, value in {"success_if": SuccessIf.all(), "max_concurrency": "1", "max_errors": "1"}.items()
    },
    **{
        f"timeout {seconds}": bad(
            "timeout",
            SECONDS(seconds).to_human_string(),
            "whole seconds from 5 seconds to 2 days",
            "in that range",
            timeout=SECONDS(seconds),
        )
        for seconds in (0, 4, 172_801)
    },
    **{
        f"delivery_timeout {seconds}": bad(
            "delivery_timeout",
            SECONDS(seconds).to_human_string(),
            "from 30 seconds to 30 days",
            "in that range",
            delivery_timeout=SECONDS(seconds),
        )
        for seconds in (29, 2_592_001)
    },
    **{
        f"expected_duration {seconds}": bad(
            "expected_duration",
            SECONDS(seconds).to_human_string(),
            "whole seconds from 1 second to 1 hour",
            "in that range",
            expected_duration=SECONDS(seconds),
        )
        for seconds in (0, 3_601)
    },
    "half a second expected": bad(
        "expected_duration",
        "'1 second 500 millis'",
        "whole seconds from 1 second",
        "in that range",
        expected_duration=cdk.Duration.millis(1_500),
    ),
    **{
        f"start_within {seconds}": bad(
            "start_within",
            SECONDS(seconds).to_human_string(),
            "whole seconds from 1 minute to 1 day",
            "in that range",
            start_within=SECONDS(seconds),
        )
        for seconds in (0, 59, 86_401)
    },
    "a time known at deploy time": Bad(
        lambda stack: scheduled(
            stack, timeout=SECONDS(cdk.CfnParameter(stack, "Parameter", type="Number").value_as_number)
        ),
        "timeout",
        "known at deploy time",
        "whole seconds",
        "in plain",
    ),
    **{
        f"alarm_if_no_success_within {text}": bad(
            "alarm_if_no_success_within",
            text,
            WITHIN,
            "longer than from one run to the end of the next",
            alarm_if_no_success_within=value,
        )
        for text, value in {
            "'4 minutes'": cdk.Duration.minutes(4),
            "'7 minutes'": cdk.Duration.minutes(7),
            "'1 day 5 minutes'": cdk.Duration.minutes(24 * 60 + 5),
            "'7 days 1 hour'": cdk.Duration.hours(7 * 24 + 1),
            "'0 seconds'": SECONDS(0),
            "'1 milli'": cdk.Duration.millis(1),
        }.items()
    },
    **{
        f"{name} {value!r}": bad(name, repr(value), "a list", f"write it in brackets: {name}=[…]", **{name: value})
        for name in ("on_success", "on_failure")
        for value in ("#ops", None)
    },
    "one topic, no list": Bad(
        lambda stack: scheduled(stack, on_failure=sns.Topic(stack, "Topic")),
        "on_failure",
        "Topic",
        "a list",
        "write it in brackets: on_failure=[…]",
    ),
    **{
        f"{name} [{value!r}]": bad(
            name,
            repr(value),
            "topics of aws_cdk.aws_sns, SlackNotifiers, and whatever has the method",
            "take out",
            **{name: [value]},
        )
        for name in ("on_success", "on_failure")
        for value in ("arn:aws:sns:us-east-1:123456789012:Failed", None, 1)
    },
    # SuccessIf
    **{
        f"at_least {value!r}": Bad(
            lambda _, value=value: SuccessIf.at_least(value),  # type: ignore[misc]
            "count",
            repr(value),
            "a whole number from 1",
            "on how many instances",
        )
        for value in (0, -1, 1.5, "2", None, True)
    },
    "at_least a token": Bad(
        lambda stack: SuccessIf.at_least(cdk.CfnParameter(stack, "Parameter", type="Number").value_as_number),  # type: ignore[arg-type]
        "count",
        "known at deploy time",
        "a whole number from 1",
        "in plain",
    ),
    **{
        f"percent {value!r}": Bad(
            lambda _, value=value: SuccessIf.percent(value),  # type: ignore[misc]
            "percent",
            repr(value),
            PERCENT,
            "which part of the instances",
        )
        for value in (0, 101, 50.5, "50%", None, True)
    },
    # RunScript
    **{
        f"RunScript expected_duration {seconds}": Bad(
            lambda _, seconds=seconds: RunScript("ps", targets=WEB, expected_duration=SECONDS(seconds)),  # type: ignore[misc]
            "expected_duration",
            SECONDS(seconds).to_human_string(),
            "whole seconds from 1 second to 10 minutes",
            "in that range",
        )
        for seconds in (0, 601)
    },
}


@pytest.mark.parametrize("case", BAD.values(), ids=BAD.keys())
def test_bad_input(case: Bad, stack: cdk.Stack) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the text is looked at below, all of it
        case.call(stack)
    told = str(caught.value)
    assert f"{case.parameter} is " in told
    for part in (case.value, case.allowed, case.remedy):
        assert part in told
    assert "jsii" not in told


def test_all_problems_are_told_together(stack: cdk.Stack) -> None:
    with pytest.raises(ValueError, match=r"ScheduledRunCommand 'Ops/Task': (?s:.*) is ") as caught:
        ScheduledRunCommand(
            stack,
            "Task",
            schedule=NONE,
            targets=NONE,
            run_on=NONE,
            min_targets=0,
            max_errors="x",
            overlap=NONE,
            on_failure=[NONE],
            timeout=SECONDS(1),
            alarm_if_no_success_within=SECONDS(1),
        )
    told = str(caught.value)
    for parameter in (
        "script and script_file",
        "schedule",
        "targets",
        "run_on",
        "min_targets",
        "max_errors",
        "overlap",
        "on_failure",
        "timeout",
        "alarm_if_no_success_within",
    ):
        assert f"{parameter} is " in told
    assert told.count("\n  and ") == 9


def test_what_has_to_be_given_cannot_be_forgotten(stack: cdk.Stack) -> None:
    with pytest.raises(TypeError, match="'schedule' and 'targets'"):
        ScheduledRunCommand(stack, "Task", script="ps")  # type: ignore[call-arg]


def test_edges_are_allowed(stack: cdk.Stack) -> None:
    scheduled(
        stack,
        "Least",
        timeout=SECONDS(5),
        delivery_timeout=SECONDS(30),
        expected_duration=SECONDS(1),
        start_within=cdk.Duration.minutes(1),
        max_concurrency="1",
        max_errors="0",
        alarm_if_no_success_within=cdk.Duration.minutes(5),
    )
    scheduled(
        stack,
        "Most",
        timeout=cdk.Duration.hours(48),
        delivery_timeout=cdk.Duration.days(30),
        expected_duration=cdk.Duration.hours(48),
        start_within=cdk.Duration.hours(24),
        min_targets=300,
        max_concurrency="100%",
        max_errors="99%",
        alarm_if_no_success_within=cdk.Duration.days(7),
    )
    for schedule in (
        scheduler.ScheduleExpression.rate(cdk.Duration.minutes(1)),
        scheduler.ScheduleExpression.expression("cron(0 2 * * ? *)", cdk.TimeZone.ASIA_TOKYO),
    ):
        scheduled(stack, f"Schedule{len(stack.node.children)}", schedule=schedule)


def test_values_known_at_deploy_time_are_let_pass_where_they_may_be(stack: cdk.Stack) -> None:
    some = token(stack)
    scheduled(stack, script=f"echo {some}", description=some)


class Pager:
    """A notification target of a user's own."""

    def bind_notification(self, role: Any) -> dict[str, Any]:
        del role
        return {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:ssmincidents:startIncident", "Arguments": {}}


class Rope:
    """No target: its method has another name."""

    def bind(self, role: Any) -> dict[str, Any]:
        raise AssertionError


def test_a_target_of_ones_own(stack: cdk.Stack) -> None:
    assert isinstance(Pager(), NotificationTarget)
    scheduled(stack, on_failure=[Pager(), Pager()], on_success=(Pager(),))
    with pytest.raises(ValueError, match=r"on_success is <.*Rope .*; allowed: topics of aws_cdk\.aws_sns"):
        scheduled(stack, "Other", on_success=[Rope()])
