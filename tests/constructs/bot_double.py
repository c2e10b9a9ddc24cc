"""What a scheduled bot's states call: its function and the poster for real, Slack, topics and a queue made up."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any
from unittest import mock

import aws_cdk as cdk
from aws_cdk import TimeZone
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sns as sns

from chatops_constructs import ScheduledSlackBot, SlackCredentials
from chatops_runtime import user_function
from chatops_runtime.bot_function import handler as ask
from chatops_runtime.bots import handler as poster
from chatops_runtime.slack.bot_token import BotToken
from chatops_runtime.slack.web_client import WebClient
from tests.constructs.stacks import Synthesised, new_stack
from tests.constructs.states_language import Execution, StateError
from tests.runtime.slack_requests import Context

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CHANNEL, FAILURES = "C0TEAM", "C0FAILED"
SCHEDULED_AT = "2026-11-22T23:30:00Z"
TOKEN = "xoxb-1-2-made-up"

MORNINGS = scheduler.ScheduleExpression.cron(week_day="MON-FRI", hour="8", minute="30", time_zone=TimeZone.ASIA_TOKYO)


def any_function(stack: cdk.Stack) -> lambda_.IFunction:
    """A function that is there already."""
    return lambda_.Function.from_function_arn(stack, "Remind", "arn:aws:lambda:us-east-1:123456789012:function:Remind")


def bot(stack: cdk.Stack, id: str = "Standup", **options: Any) -> ScheduledSlackBot:
    """A bot with what is required, unless the options say otherwise."""
    required: dict[str, Any] = {
        "schedule": MORNINGS,
        "channel": CHANNEL,
        "credentials": SlackCredentials.from_parameters("/ops/prod", bot_token=True),
        **({} if "handler" in options else {"handler": any_function(stack)}),
    }
    return ScheduledSlackBot(stack, id, **{**required, **options})


@cache
def definition(topics: int = 0) -> dict[str, Any]:
    """The definition of a bot with so many topics to be told of its failures."""
    app, stack = new_stack()
    on_failure = [sns.Topic(stack, f"Failed{number}") for number in range(topics)]
    bot(stack, failure_channel=FAILURES, on_failure=on_failure)
    return Synthesised.of(app, stack).definition("Standup_Machine")


@dataclass
class World:
    """Answers the calls of a bot's states.

    Attributes:
        say: The bot's function.
        slack: What becomes of a message, by its channel: raises what Slack refuses it with.
        broken: By the beginning of a resource's ARN or URL: the error with which Step Functions would know it.
        turned_away: With what Lambda turns the first calls of the bot's function away.
        posted: Channel and text of each message, or its blocks.
        published: The notices that topics got.
        kept: The dead letters.
        asked: What the bot's function was invoked with.
        ending: How the execution ended, if badly.
    """

    say: Callable[[Any], Any]
    slack: Callable[[str], None] = lambda _: None
    broken: dict[str, StateError] = field(default_factory=dict)
    turned_away: list[StateError] = field(default_factory=list)
    posted: list[tuple[str, Any]] = field(default_factory=list)
    published: list[dict[str, Any]] = field(default_factory=list)
    kept: list[dict[str, Any]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    execution: Execution | None = None
    ending: StateError | None = None

    def run(self, machine: dict[str, Any], given: Any = None) -> Any:
        """Run a bot to its end, be that a bad one."""
        started_with = {"scheduled_at": SCHEDULED_AT} if given is None else given
        self.execution = Execution(self, started_with, name="at-2026-11-22T233000Z")
        with self._in_this_process():
            try:
                return self.execution.run(machine)
            except StateError as error:
                self.ending = error
        return None

    def __call__(self, resource: str, arguments: Any) -> Any:
        target = next(arguments[key] for key in ("FunctionName", "TopicArn", "QueueUrl") if key in arguments)
        for part, error in self.broken.items():
            if part in target:
                raise error
        return {"invoke": self._invoke, "publish": self._publish, "sendMessage": self._keep}[
            resource.rpartition(":")[2]
        ](arguments)

    def _invoke(self, arguments: Any) -> Any:
        payload = json.loads(json.dumps(arguments["Payload"]))
        if "SlackPoster" in arguments["FunctionName"]:
            return {"StatusCode": 200, "Payload": _as_lambda(lambda: poster.handler(payload, Context(60_000)))}
        if self.turned_away:
            raise self.turned_away.pop(0)
        self.asked.append(payload)
        return {"StatusCode": 200, "Payload": _as_lambda(lambda: ask(payload, Context()))}

    def _publish(self, arguments: Any) -> Any:
        self.published.append(json.loads(json.loads(arguments["Message"])["sqs"]))
        return {"MessageId": "1"}

    def _keep(self, arguments: Any) -> Any:
        self.kept.append(arguments["MessageBody"])
        return {"MessageId": "1"}

    def _post(self, token: str, message: dict[str, Any]) -> dict[str, Any]:
        assert token == TOKEN
        self.slack(message["channel"])
        self.posted.append((message["channel"], message.get("blocks", message["text"])))
        return {"ok": True, "ts": "1.2"}

    @contextmanager
    def _in_this_process(self) -> Iterator[None]:
        module = ModuleType("the_bots_module")
        module.say = self.say  # type: ignore[attr-defined]
        variables = {"CHATOPS_HANDLER": "the_bots_module.say", "CHATOPS_BOT_TOKEN_PARAMETER": "/ops/prod/token"}
        # Not `patch.dict`, which would forget whatever else is imported meanwhile.
        sys.modules["the_bots_module"] = module
        user_function.load.cache_clear()
        poster._way.cache_clear()
        with (
            mock.patch.dict("os.environ", variables),
            mock.patch.object(BotToken, "value", return_value=TOKEN),
            mock.patch.object(WebClient, "post_message", lambda _, _api, token, message: self._post(token, message)),
        ):
            yield
        del sys.modules["the_bots_module"]
        user_function.load.cache_clear()
        poster._way.cache_clear()


def _as_lambda(call: Callable[[], Any]) -> Any:
    """What Step Functions gets of a Python function: JSON, or an exception by its type.

    https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html
    """
    try:
        return json.loads(json.dumps(call()))
    except Exception as error:  # noqa: BLE001 - as Lambda does
        told = {"errorMessage": str(error), "errorType": type(error).__name__, "requestId": "r-1", "stackTrace": ["…"]}
        raise StateError(type(error).__name__, json.dumps(told)) from None
