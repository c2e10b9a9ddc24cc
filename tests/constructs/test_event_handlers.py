"""Functions for events and interactions: what the construct renders is fed to dispatch, to functions and to report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from chatops_constructs import (
    Allow,
    BotFunction,
    Concurrency,
    ReplyIn,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
    Visibility,
)
from chatops_constructs.actions.hand_over import OCCURRENCE, REQUEST
from chatops_runtime import user_function
from chatops_runtime.bot_function import handler as bot_function_handler
from chatops_runtime.contracts import bot, commands_table, template_metadata
from chatops_runtime.dispatch import handler as dispatch
from chatops_runtime.dispatch.invocation import Invocation
from chatops_runtime.report.rendering import render
from chatops_runtime.report.report import Report
from tests.constructs.stacks import Synthesised, add, endpoint, new_stack
from tests.constructs.states_language import Execution, StateError
from tests.runtime.aws_double import AwsDouble
from tests.runtime.slack_clicks import interaction, payload
from tests.runtime.slack_events import EVENT_ID, TS, mention, of
from tests.runtime.slack_requests import APP, SECRET, TEAM, Context, event

if TYPE_CHECKING:
    from collections.abc import Iterator

    import aws_cdk as cdk

    from chatops_runtime.dispatch.dispatcher import Dispatcher

BOTS = Path(__file__).parents[1] / "end_to_end" / "events" / "app" / "bots"
MACHINE_ARN = "arn:aws:states:eu-central-1:123456789012:stateMachine:"
TOLD = {"done": True, "said": 1, "delivered_by": "chat.postMessage"}


def function(stack: cdk.Stack, name: str = "answer") -> BotFunction:
    return BotFunction(stack, name.capitalize(), entry=BOTS, handler=f"helper.{name}")


def with_token(stack: cdk.Stack) -> SlackCommandEndpoint:
    return endpoint(
        stack,
        workspace=SlackWorkspace.team(TEAM, app=APP),
        credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True),
    )


@pytest.fixture(scope="module")
def synthesised() -> Synthesised:
    app, stack = new_stack()
    slack = with_token(stack)
    answer, act = function(stack), function(stack, "act")
    slack.add_event_handler("app_mention", answer, description="answers", allow=Allow.workspace())
    slack.add_event_handler(
        "message",
        answer,
        description="reads",
        allow=Allow.user_group("S0ADMINS"),
        reply_in=ReplyIn.CHANNEL,
        channels=["C0123OPS"],
        subtypes=["message_changed"],
        from_bots=True,
        concurrency=Concurrency.ONE,
    )
    slack.add_event_handler(
        "user_huddle_changed", answer, description="x", allow=Allow.workspace(), scopes=["users:read"]
    )
    slack.add_interaction_handler("block_actions", "go_*", act, description="goes", allow=Allow.channel("C0123OPS"))
    slack.add_interaction_handler(
        "message_action",
        "file.a-ticket",
        act,
        description="files a ticket",
        allow=Allow.workspace(guests=False),
        visible=Visibility.CHANNEL,
        title="File a ticket",
    )
    slack.add_interaction_handler("view_submission", "form", act, description="x", allow=Allow.workspace())
    return Synthesised.of(app, stack)


def table(synthesised: Synthesised) -> Any:
    layer = synthesised.only("Lambda::LayerVersion", "CommandsTable")
    return commands_table.read([str(synthesised.asset(layer["Content"]) / commands_table.LAYER_FOLDER)])


def machine(synthesised: Synthesised, id: str) -> str:
    (name,) = (name for name in synthesised.definitions() if f"_Handlers_{id}_" in name)
    return name


def handlers(synthesised: Synthesised) -> list[str]:
    """The names of all machines of handlers."""
    return [name for name in synthesised.definitions() if "_Handlers_" in name]


class TestWhatIsWrittenDown:
    def test_the_table(self, synthesised: Synthesised) -> None:
        found = table(synthesised)
        assert found["events"]["app_mention"] == {
            "machine": machine(synthesised, "OnAppMention"),
            "description": "answers",
            "visible": "channel",
            "allow": {"kind": "workspace"},
            "reply_in": "thread",
        }
        assert found["events"]["message"] == {
            "machine": machine(synthesised, "OnMessage"),
            "description": "reads",
            "visible": "channel",
            "allow": {"kind": "user_group", "ids": ["S0ADMINS"]},
            "reply_in": "channel",
            "from_bots": True,
            "channels": ["C0123OPS"],
            "subtypes": ["message_changed"],
        }
        assert found["interactions"]["block_actions:go_*"] == {
            "machine": machine(synthesised, "OnBlockActionsGoAny"),
            "description": "goes",
            "visible": "user",
            "allow": {"kind": "channel", "ids": ["C0123OPS"]},
        }
        assert set(found["interactions"]) == {
            *("block_actions:go_*", "message_action:file.a-ticket", "view_submission:form")
        }
        assert found["interactions"]["message_action:file.a-ticket"]["visible"] == "channel"

    def test_the_mark(self, synthesised: Synthesised) -> None:
        (mark,) = (
            resource["Metadata"][template_metadata.ENDPOINT]
            for resource in synthesised.template["Resources"].values()
            if template_metadata.ENDPOINT in resource.get("Metadata", {})
        )
        assert mark["events"]["app_mention"] == {
            "description": "answers",
            "subscriptions": ["app_mention"],
            "scopes": ["app_mentions:read"],
        }
        assert mark["events"]["message"] == {
            "description": "reads",
            "subscriptions": ["message.channels", "message.groups"],
            "scopes": ["channels:history", "groups:history", "usergroups:read"],
        }
        assert mark["events"]["user_huddle_changed"]["scopes"] == ["users:read"]
        assert mark["interactions"]["message_action:file.a-ticket"] == {
            "type": "message_action",
            "id": "file.a-ticket",
            "description": "files a ticket",
            "scopes": ["users:read"],
            "title": "File a ticket",
        }
        assert mark["interactivity"] is True

    def test_an_endpoint_without_any_says_nothing_of_them(self) -> None:
        app, stack = new_stack()
        add(endpoint(stack), "/ps")
        found = Synthesised.of(app, stack)
        assert not {"events", "interactions"} & set(table(found))
        assert "Handlers" not in json.dumps(found.template)

    def test_they_are_watched_as_commands_are(self, synthesised: Synthesised) -> None:
        rules = json.dumps(synthesised.resources("Events::Rule"))
        assert [name for name in handlers(synthesised) if name not in rules] == []

    def test_all_four_kinds_of_messages_are_subscribed_to(self) -> None:
        app, stack = new_stack()
        with_token(stack).add_event_handler("message", function(stack), description="x", allow=Allow.workspace())
        text = json.dumps(Synthesised.of(app, stack).template)
        assert all(f'"message.{kind}"' in text for kind in ("channels", "groups", "im", "mpim"))


class TestPermissions:
    def test_the_machine_may_call_that_function_and_tell(self, synthesised: Synthesised) -> None:
        (invoke,) = synthesised.statements("OnAppMentionMachineRole")[-1:]
        assert invoke["Action"] == "lambda:InvokeFunction"
        assert list(invoke["Resource"]) == ["Fn::GetAtt"]
        assert invoke["Resource"]["Fn::GetAtt"][0].startswith("Answer")

    def test_dispatch_may_start_it(self, synthesised: Synthesised) -> None:
        allowed = json.dumps(synthesised.statements("DispatchRole"))
        assert [name for name in handlers(synthesised) if name not in allowed] == []


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsDouble]:
    with AwsDouble(SECRET) as double:
        monkeypatch.setenv("AWS_REGION", "eu-central-1")
        monkeypatch.setenv("AWS_ENDPOINT_URL", double.url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
        yield double


@pytest.fixture
def dispatcher(synthesised: Synthesised, aws: AwsDouble, monkeypatch: pytest.MonkeyPatch) -> Dispatcher:
    """Dispatch with the rendered environment and the rendered layer."""
    layer = synthesised.only("Lambda::LayerVersion", "CommandsTable")
    monkeypatch.syspath_prepend(str(synthesised.asset(layer["Content"]) / commands_table.LAYER_FOLDER))
    aws.put("/ops/prod/slack-signing-secret", SECRET)
    switch = synthesised.only("SSM::Parameter")
    aws.put(switch["Name"], switch["Value"])
    return dispatch._make_dispatcher(synthesised.only("Lambda::Function", "Dispatch")["Environment"]["Variables"])


class Services:
    """What the state machine calls: the user's function for real, the others as doubles."""

    def __init__(self, synthesised: Synthesised, monkeypatch: pytest.MonkeyPatch, allowed: bool = True) -> None:
        self._synthesised = synthesised
        self._monkeypatch = monkeypatch
        self._allowed = allowed
        self.reports: list[Any] = []
        self.audit: list[Any] = []
        self.handed: list[Any] = []

    def __call__(self, resource: str, arguments: Any) -> Any:
        if resource == "aws-sdk:cloudwatchlogs:putLogEvents":
            self.audit += [json.loads(line["Message"]) for line in arguments["LogEvents"]]
        if resource != "lambda:invoke":
            return {}
        name = arguments["FunctionName"]
        if "Authorize" in name:
            return {"Payload": {"allowed": self._allowed, "who_may": "admins", "why": "not_allowed", "detail": ""}}
        if "Report" in name:
            self.reports.append(arguments["Payload"])
            return {"Payload": TOLD}
        self.handed.append(arguments["Payload"])
        return {"Payload": self._call("Act" if "Act" in name else "Answer", arguments["Payload"])}

    def _call(self, function: str, handed: Any) -> Any:
        properties = self._synthesised.only("Lambda::Function", function)
        self._monkeypatch.setenv("CHATOPS_HANDLER", properties["Environment"]["Variables"]["CHATOPS_HANDLER"])
        self._monkeypatch.syspath_prepend(str(self._synthesised.asset(properties["Code"])))
        user_function.load.cache_clear()
        try:
            return bot_function_handler(json.loads(json.dumps(handed)), None)
        except LookupError as error:
            told = {"errorMessage": str(error), "errorType": type(error).__name__}
            raise StateError("LookupError", json.dumps(told)) from None


class TestFromSlackToSlack:
    @staticmethod
    def run(synthesised: Synthesised, dispatcher: Dispatcher, aws: AwsDouble, body: bytes, services: Services) -> None:
        """Hand the body to dispatch, and what it starts to its machine."""
        dispatcher.answer(event(body), Invocation.from_context(Context()))
        (started,) = aws.called("StartExecution")
        definition = synthesised.definitions()[started["stateMachineArn"].removeprefix(MACHINE_ARN)]
        Execution(services, json.loads(started["input"])).run(definition)

    @staticmethod
    def said(services: Services) -> list[str]:
        (report,) = services.reports
        account = render(Report.from_event(json.loads(json.dumps(report))), files=True)
        return [message.text for message in account.messages]

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("<@U0123BOT> hi <!channel>", ["You said: hi &lt;!channel&gt; &lt;!channel&gt;"]),
            ("<@U0123BOT> nothing", []),
        ],
    )
    def test_a_mention(
        self,
        synthesised: Synthesised,
        dispatcher: Dispatcher,
        aws: AwsDouble,
        monkeypatch: pytest.MonkeyPatch,
        text: str,
        says: list[str],
    ) -> None:
        services = Services(synthesised, monkeypatch)
        self.run(synthesised, dispatcher, aws, of(mention(text=text)), services)
        (handed,) = services.handed
        assert (handed["version"], handed["kind"], handed["event_type"]) == (1, "event", "app_mention")
        assert handed["event"] == mention(text=text)
        assert set(handed) == {"version", "kind", "request_id", *OCCURRENCE[bot.EVENT], *REQUEST[bot.EVENT]}
        assert self.said(services) == says
        assert services.reports[0]["request"]["thread_ts"] == TS
        (line,) = services.audit
        assert (line["command"], line["user_id"], line["outcome"]) == ("app_mention", "U0123TARO", "succeeded")

    def test_a_function_that_raises(
        self, synthesised: Synthesised, dispatcher: Dispatcher, aws: AwsDouble, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        services = Services(synthesised, monkeypatch)
        with pytest.raises(StateError, match="CommandFailed"):
            self.run(synthesised, dispatcher, aws, of(mention(text="<@U0123BOT> fail")), services)
        assert "LookupError: there is no such thing" in self.said(services)[0]
        assert services.audit[0]["outcome"] == "failed"

    @pytest.mark.parametrize("allowed", [True, False])
    def test_a_rule_that_only_slack_can_judge(
        self,
        synthesised: Synthesised,
        dispatcher: Dispatcher,
        aws: AwsDouble,
        monkeypatch: pytest.MonkeyPatch,
        allowed: bool,
    ) -> None:
        services = Services(synthesised, monkeypatch, allowed)
        body = of(mention(type="message", channel_type="channel", text="hello"))
        if allowed:
            self.run(synthesised, dispatcher, aws, body, services)
            assert self.said(services) == ["You said: hello &lt;!channel&gt;"]
            return
        with pytest.raises(StateError, match="Declined"):
            self.run(synthesised, dispatcher, aws, body, services)
        assert (services.handed, self.said(services)) == ([], [])
        assert (services.audit[0]["outcome"], services.audit[0]["reason"]) == ("refused", "not_allowed")

    def test_an_interaction(
        self, synthesised: Synthesised, dispatcher: Dispatcher, aws: AwsDouble, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        services = Services(synthesised, monkeypatch)
        self.run(synthesised, dispatcher, aws, interaction(payload("go_now", "web")), services)
        (handed,) = services.handed
        assert set(handed) == {"version", "kind", "request_id", *OCCURRENCE[bot.INTERACTION], *REQUEST[bot.INTERACTION]}
        assert "response_url" not in json.dumps(handed)
        assert self.said(services)[0].startswith("block_actions go_now web by U0123TARO")

    def test_the_id_is_slacks(self, dispatcher: Dispatcher, aws: AwsDouble) -> None:
        dispatcher.answer(event(of(mention())), Invocation.from_context(Context()))
        assert aws.called("StartExecution")[0]["name"] == EVENT_ID
