"""Bad input of a ScheduledSlackBot: the parameter, the value, what is allowed and what to do."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms

from chatops_constructs import SlackCredentials
from tests.constructs.bot_double import any_function, bot
from tests.constructs.test_bad_input import NONE, Bad, token

ID = "an id: C (or G, D, U, W) and capital letters or digits"
TIMES = "a Duration of 1 minute to 1 day"
WITHIN = "whole multiples of 5 minutes up to 1 day, of 1 hour up to 7 days"


def bad(parameter: str, value: str, allowed: str, remedy: str, **options: Any) -> Bad:
    return Bad(lambda stack: bot(stack, **options), parameter, value, allowed, remedy)


BAD = {
    "no schedule": bad("schedule", "None", "a ScheduleExpression of aws_cdk.aws_scheduler", "cron(", schedule=NONE),
    "cron as text": bad("schedule", "'0 9 * * 1-5'", "a ScheduleExpression", "cron(", schedule="0 9 * * 1-5"),
    **{
        f"{value!r} for a function": bad(
            "handler", repr(value), "a function of aws_cdk.aws_lambda", "BotFunction(self, 'Remind'", handler=value
        )
        for value in (None, "standup.remind", 7)
    },
    **{
        f"{name} {value!r}": bad(name, repr(value), ID, "at the bottom of the channel's details", **{name: value})
        for name in ("channel", "failure_channel")
        for value in ("#team", "team", "c0team", "", "T0TEAM", "C0TEAM ", 7)
    },
    "no bot token": bad(
        "credentials",
        "SlackCredentials without a bot token",
        "credentials with a bot token",
        "bot_token=True",
        credentials=SlackCredentials.from_parameters("/ops/prod"),
    ),
    "one topic": bad(
        "on_failure", "'arn:aws:sns:…'", "a list", "in brackets: on_failure=[…]", on_failure="arn:aws:sns:…"
    ),
    "a topic's name": bad("on_failure", "'failed'", "topics of aws_cdk.aws_sns", "take out", on_failure=["failed"]),
    **{
        f"start_within {value.to_human_string()}": bad(
            "start_within", value.to_human_string(), TIMES, "in whole seconds", start_within=value
        )
        for value in (cdk.Duration.seconds(59), cdk.Duration.hours(25), cdk.Duration.millis(60_500))
    },
    **{
        f"no success within {value.to_human_string()}": bad(
            "alarm_if_no_success_within", value.to_human_string(), WITHIN, "choose", alarm_if_no_success_within=value
        )
        for value in (cdk.Duration.minutes(7), cdk.Duration.days(8))
    },
    **{
        f"description {str(value)[:9]!r}": bad(
            "description", repr(value), "1 to 512 characters", "in a few words, or leave it out", description=value
        )
        for value in ("", "x" * 513, 7)
    },
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_is_explained(bad: Bad, stack: cdk.Stack) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the text is looked at below
        bad.call(stack)
    text = str(raised.value)
    assert text.startswith("ScheduledSlackBot 'Ops/Standup': ")
    for part in (bad.parameter, bad.value, f"allowed: {bad.allowed}", bad.remedy):
        assert part in text


def test_everything_that_is_wrong_is_told_at_once(stack: cdk.Stack) -> None:
    with pytest.raises(ValueError, match=r"^ScheduledSlackBot 'Ops/Standup': schedule is None") as caught:
        bot(stack, schedule=None, handler=None, channel="team", description="")
    assert [line.split()[1] for line in str(caught.value).splitlines()[1:]] == ["handler", "channel", "description"]


def test_a_channel_that_is_known_at_deploy_time_only_is_taken(stack: cdk.Stack) -> None:
    channel = token(stack)
    assert bot(stack, channel=channel, failure_channel=channel).state_machine


def test_one_key_may_be_imported_twice(stack: cdk.Stack) -> None:
    handler = any_function(stack)
    arn = "arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012"
    for name in ("First", "Second"):
        key = kms.Key.from_key_arn(stack, f"{name}Key", arn)
        credentials = SlackCredentials.from_parameters("/ops/prod", bot_token=True, encryption_key=key)
        assert bot(stack, name, handler=handler, credentials=credentials).state_machine


def test_one_parameter_has_one_key(stack: cdk.Stack) -> None:
    key = kms.Key(stack, "Key")

    def credentials(**options: Any) -> SlackCredentials:
        return SlackCredentials.from_parameters("/ops/prod", bot_token=True, **options)

    handler = any_function(stack)
    bot(stack, "First", handler=handler, credentials=credentials(encryption_key=key))
    bot(stack, "Second", handler=handler, credentials=credentials(encryption_key=key))
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the text is looked at below
        bot(stack, "Third", handler=handler, credentials=credentials())
    assert str(raised.value) == (
        "ScheduledSlackBot 'Ops/Third': credentials is '/ops/prod/slack-bot-token, encrypted with the key aws/ssm';"
        " allowed: one key for a parameter, and another bot of the stack says the key Ops/Key; make the"
        " credentials once, with encryption_key=…, and give them to all"
    )
