"""The states of a scheduled bot: its function is asked, what it answers is posted, and a failure is told.

    what has come? -+- a scheduled time -> ask the bot -> anything to say? -> post -> succeeded
                    |                          |                               |
                    |                          +- it failed <------------------+
                    |                                 v
                    +- an ending that no state could catch, an alarm -> notice -> topics -> channel -> failed

Topics are told first, since Slack may be what fails: the channel may take half an hour.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chatops_constructs.bots.posting_states import NOTHING_SAID_YET, failed, posting
from chatops_constructs.schedules import notices
from chatops_constructs.schedules.notices import Notice, compose, ended, first, tell_each, what_has_come
from chatops_constructs.workflow.asl import EXECUTION, States, choice, expr, integration, literal, or_empty, retry
from chatops_runtime.contracts import bot, run_notice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_sns as sns

    from chatops_constructs.schedules.notification_target import NotificationTarget

FIRST = "What has come?"
ASK = "Ask the bot"
POST = "Post the reply"
TELL_TARGETS = "Tell of the failure"
TELL_CHANNEL = "Tell the channel of the failure"

_ANSWER = "$states.result.Payload"

FAILED = Notice(
    outcome=run_notice.ERROR,
    subject="' failed: ' & $outcome.error",
    lines=f"[$substring($outcome.cause, 0, {notices.MOST_CAUSE})]",
    facts={"error": "$outcome.error", "cause": f"$substring($outcome.cause, 0, {notices.MOST_CAUSE})"},
    error="ChatOps.BotFailed",
)
# The name of an alarm says little; in a channel there is room for what it means.
ALARM = replace(
    notices.ALARM,
    facts={
        "alarm": "$states.input.detail.alarmName",
        "reason": "$join([$states.input.detail.configuration.description, $states.input.detail.state.reason], '. ')",
    },
)
ENDED = ended("What its function had begun may still be under way.")


@dataclass(frozen=True)
class BotStates:
    """What the states are made of.

    Attributes:
        task: The bot's construct path.
        function_arn: Its function.
        time_zone: Of its schedule.
        channel: Where it speaks.
        failure_channel: Where its failures are told.
        poster_arn: The function that posts.
        on_failure: Who else is told of failures.
        dead_letter_queue_url: Where failures are kept of which nobody could be told.
    """

    task: str
    function_arn: str
    time_zone: str
    channel: str
    failure_channel: str
    poster_arn: str
    on_failure: Sequence[sns.ITopic | NotificationTarget]
    dead_letter_queue_url: str

    def states(self, role: iam.IRole) -> States:
        """All states; the first is `FIRST`.

        Args:
            role: The machine's, which gets the right to tell `on_failure`.
        """
        return {
            FIRST: what_has_come(default=ASK),
            ASK: self._ask(),
            "Anything to say?": {
                "Type": "Choice",
                "Choices": [choice("$reply = ''", then="Succeeded")],
                "Default": POST,
            },
            **self._posting(POST, reply="$reply", channel="$channel", then="Succeeded", not_posted=first(FAILED)),
            "Succeeded": {"Type": "Succeed", "Output": {"said": expr("$said")}},
            **self._compositions(),
            **tell_each(TELL_TARGETS, self.on_failure, role, then=TELL_CHANNEL),
            **self._posting(
                TELL_CHANNEL,
                notice="$notice",
                channel=literal(self.failure_channel),
                then="Who was told?",
                not_posted="The channel was not told",
            ),
            **self._end(),
        }

    def _ask(self) -> dict[str, Any]:
        given = f"{EXECUTION}.Input"
        channel = f"$exists({given}.channel_id) ? {given}.channel_id : {literal(self.channel)}"
        return {
            "Type": "Task",
            "Resource": integration("lambda:invoke"),
            "Arguments": {
                "FunctionName": self.function_arn,
                "Payload": {
                    "version": bot.VERSION,
                    "kind": bot.SCHEDULED,
                    "bot": self.task,
                    "scheduled_at": expr(or_empty(f"{given}.scheduled_at")),
                    "started_at": expr(f"{EXECUTION}.StartTime"),
                    "time_zone": self.time_zone,
                    "channel_id": expr(channel),
                    "request_id": expr(f"{EXECUTION}.Name"),
                },
            },
            "Retry": _before_it_ran(),
            "Assign": {
                **NOTHING_SAID_YET,
                # A null comes as no payload from some languages.
                "reply": expr(f"$exists({_ANSWER}) and {_ANSWER} != null ? {_ANSWER} : ''"),
                "channel": expr(channel),
            },
            "Catch": [failed(then=first(FAILED))],
            "Next": "Anything to say?",
        }

    def _posting(self, name: str, *, channel: str, then: str, not_posted: str, **message: str) -> States:
        return posting(
            name,
            bot=self.task,
            poster_arn=self.poster_arn,
            message={"channel_id": channel, **message},
            then=then,
            not_posted=not_posted,
        )

    def _compositions(self) -> States:
        then = TELL_TARGETS if self.on_failure else TELL_CHANNEL
        composed = {}
        for notice in (FAILED, ENDED, ALARM):
            ((name, state),) = compose(self.task, notice, then=then).items()
            composed[name] = {**state, "Assign": {**state["Assign"], **NOTHING_SAID_YET}}
        return composed

    def _end(self) -> States:
        """How it ends when it failed. A failure that somebody was told of need not be kept."""
        keep = "Keep the notice"
        return {
            "The channel was not told": {
                "Type": "Pass",
                "Assign": {"untold": expr("$append($untold, [$outcome.error & ': ' & $outcome.cause])")},
                "Next": "Who was told?",
            },
            "Who was told?": {
                "Type": "Choice",
                "Choices": [
                    choice("$count($untold) = 0", then="Failed"),
                    choice(f"$count($untold) <= {len(self.on_failure)}", then="Not all were told"),
                ],
                "Default": keep,
            },
            keep: {
                "Type": "Task",
                "Resource": integration("sqs:sendMessage"),
                "Arguments": {
                    "QueueUrl": self.dead_letter_queue_url,
                    "MessageBody": {"not_told": expr("$notice"), "why": expr("$untold")},
                },
                "Retry": retry("States.TaskFailed", "States.Timeout", attempts=8, most=8),
                "TimeoutSeconds": 10,
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Not all were told"}],
                "Next": "Not all were told",
            },
            "Not all were told": notices.not_told(),
            "Failed": notices.failed(),
        }


def _before_it_ran() -> list[dict[str, Any]]:
    """A Retry for what Lambda turned away before the function ran: one that raises is not run again.

    A function with a VPC that nobody called for weeks is made ready first:
    https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
    """
    return [
        *retry("Lambda.TooManyRequestsException", attempts=10, interval=2, most=60),
        *retry("Lambda.ResourceNotReadyException", attempts=10, interval=10, most=60),
        *retry("Lambda.ServiceException", "Lambda.AWSLambdaException", attempts=3, interval=2),
    ]
