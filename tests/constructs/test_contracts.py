"""What the constructs render is what the functions read: from a signed request to the message in Slack."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import chatops_runtime
from chatops_constructs import (
    Allow,
    Approval,
    CommandFunction,
    InvokeFunction,
    RunScript,
    SlackCredentials,
    SlackWorkspace,
    Visibility,
)
from chatops_runtime.command_function import handler as command_function_handler
from chatops_runtime.contracts import commands_table, environment
from chatops_runtime.dispatch import handler as dispatch
from chatops_runtime.dispatch.invocation import Invocation
from chatops_runtime.report import handler as report
from chatops_runtime.report.rendering import render
from chatops_runtime.report.report import Report
from tests.constructs.fake_ssm import FakeInstance, FakeSsm
from tests.constructs.stacks import COMMANDS, WEB, Synthesised, add, endpoint, new_stack
from tests.constructs.states_language import TOKEN, Execution, StateError
from tests.runtime.aws_double import AwsDouble
from tests.runtime.slack_requests import APP, SECRET, TEAM, Context, event, form

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_runtime.dispatch.dispatcher import Dispatcher

RUNTIME = Path(chatops_runtime.__file__).parent
REPORTED = {"done": True, "said": 1, "delivered_by": "response_url"}
MACHINE_ARN = "arn:aws:states:eu-central-1:123456789012:stateMachine:"


@pytest.fixture(scope="module")
def synthesised() -> Synthesised:
    app, stack = new_stack()
    slack = endpoint(
        stack,
        workspace=SlackWorkspace.team(TEAM, app=APP),
        credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True),
    )
    add(slack, "/ps", RunScript("ps", targets=WEB), visible=Visibility.CHANNEL)
    add(slack, "/ops say", RunScript('echo "$CHATOPS_TEXT"', targets=WEB, accepts_text=True))
    hello = CommandFunction(stack, "Hello", entry=COMMANDS, handler="hello.hello")
    add(slack, "/hello", InvokeFunction(hello), allow=Allow.channel("C0123OPS"))
    add(slack, "/secret", InvokeFunction(hello), allow=Allow.user("U0999BOSS"), description="日本語 & <more>")
    approval = Approval(by=Allow.user_group("S0ADMINS"), channel="C0123OPS")
    add(slack, "/deploy", InvokeFunction(hello), allow=Allow.user_group("S0DEVS"), approval=approval)
    add(slack, "/reboot", RunScript("reboot", targets=WEB), confirm=True)
    return Synthesised.of(app, stack)


def variables(synthesised: Synthesised, function: str) -> dict[str, str]:
    found: dict[str, str] = synthesised.only("Lambda::Function", function)["Environment"]["Variables"]
    return found


def folder_of_table(synthesised: Synthesised) -> str:
    layer = synthesised.only("Lambda::LayerVersion", "CommandsTable")
    return str(synthesised.asset(layer["Content"]) / commands_table.LAYER_FOLDER)


class TestEnvironment:
    """Every variable that a function reads is rendered, and no other."""

    @staticmethod
    def read_by(*packages: str) -> set[str]:
        names = {
            node.attr
            for package in packages
            for file in RUNTIME.glob(package if package.endswith(".py") else f"{package}/**/*.py")
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "environment"
        }
        return {getattr(environment, name) for name in names if name.isupper()}

    @pytest.mark.parametrize(
        ("packages", "function"),
        [
            ({"dispatch"}, "Dispatch"),
            ({"report"}, "Report"),
            ({"command_function", "user_function.py"}, "Hello"),
            ({"authorization"}, "Authorize"),
            # It asks who may itself.
            ({"decide", "authorization"}, "DecisionsDecide"),
        ],
    )
    def test_is_what_the_function_reads(self, synthesised: Synthesised, packages: set[str], function: str) -> None:
        with_mutual_tls = {environment.CLIENT_CERTIFICATE_NAME}
        assert set(variables(synthesised, function)) == self.read_by(*packages) - with_mutual_tls != set()

    def test_without_a_bot_token(self, minimal: Synthesised) -> None:
        assert set(variables(minimal, "Report")) == {environment.TEAM_ID, environment.ENDPOINT}

    def test_handlers_are_there(self, synthesised: Synthesised) -> None:
        for function in synthesised.resources("Lambda::Function").values():
            module, _, name = function["Handler"].rpartition(".")
            # `chatops_runtime.command_function` is a package, the others are modules.
            file = RUNTIME.parent.joinpath(*module.split("."))
            source = file / "__init__.py" if file.is_dir() else file.with_suffix(".py")
            assert name in source.read_text(encoding="utf-8")


class TestTable:
    def test_is_read_as_it_was_meant(self, synthesised: Synthesised) -> None:
        machines = {name.split("_")[3]: name for name in synthesised.definitions() if "_Slack_Commands_" in name}
        (refusals,) = (name for name in synthesised.definitions() if "_Slack_Refusals_" in name)
        (decisions,) = (name for name in synthesised.definitions() if "_Slack_Decisions_" in name)
        documents = {
            document["Name"].split("_")[3]: document["Name"]
            for document in synthesised.resources("SSM::Document").values()
        }
        assert commands_table.read([folder_of_table(synthesised)]) == {
            "version": 2,
            "commands": {
                "/ps": {
                    "machine": machines["Ps"],
                    "description": "top processes",
                    "usage": "/ps",
                    "accepts_text": False,
                    "visible": "channel",
                    "allow": {"kind": "workspace"},
                    "cancellable": True,
                    "documents": [documents["Ps"]],
                },
                "/ops say": {
                    "machine": machines["OpsSay"],
                    "description": "top processes",
                    "usage": "/ops say [text]",
                    "accepts_text": True,
                    "visible": "user",
                    "allow": {"kind": "workspace"},
                    "cancellable": True,
                    "documents": [documents["OpsSay"]],
                },
                "/hello": {
                    "machine": machines["Hello"],
                    "description": "top processes",
                    "usage": "/hello [text]",
                    "accepts_text": True,
                    "visible": "user",
                    "allow": {"kind": "channel", "ids": ["C0123OPS"]},
                },
                "/secret": {
                    "machine": machines["Secret"],
                    "description": "日本語 & <more>",
                    "usage": "/secret [text]",
                    "accepts_text": True,
                    "visible": "user",
                    "allow": {"kind": "user", "ids": ["U0999BOSS"]},
                },
                "/deploy": {
                    "machine": machines["Deploy"],
                    "description": "top processes",
                    "usage": "/deploy [text]",
                    "accepts_text": True,
                    "visible": "user",
                    "allow": {"kind": "user_group", "ids": ["S0DEVS"]},
                    "approval": {"channel": "C0123OPS"},
                },
                "/reboot": {
                    "machine": machines["Reboot"],
                    "description": "top processes",
                    "usage": "/reboot",
                    "accepts_text": False,
                    "visible": "user",
                    "allow": {"kind": "workspace"},
                    "confirms": True,
                    "cancellable": True,
                    "documents": [documents["Reboot"]],
                },
            },
            "refusals": refusals,
            "decisions": decisions,
        }

    def test_depends_on_the_commands_not_on_their_order(self) -> None:
        tables = []
        for names in (("/ps", "/df"), ("/df", "/ps")):
            app, stack = new_stack()
            slack = endpoint(stack)
            for name in names:
                add(slack, name)
            tables.append(Synthesised.of(app, stack).only("Lambda::LayerVersion", "CommandsTable")["Content"]["S3Key"])
        assert tables[0] == tables[1]

    def test_is_in_a_layer_of_dispatch_alone(self, synthesised: Synthesised) -> None:
        (layer,) = synthesised.only("Lambda::Function", "Dispatch")["Layers"]
        assert "CommandsTable" in layer["Ref"]
        assert "Layers" not in synthesised.only("Lambda::Function", "Report")


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
    monkeypatch.syspath_prepend(folder_of_table(synthesised))
    aws.put("/ops/prod/slack-signing-secret", SECRET)
    switch = synthesised.only("SSM::Parameter")
    aws.put(switch["Name"], switch["Value"])
    return dispatch._make_dispatcher(variables(synthesised, "Dispatch"))


class TestFromRequestToMessage:
    @staticmethod
    def started(dispatcher: Dispatcher, aws: AwsDouble, **fields: str) -> tuple[str, dict[str, Any]]:
        """The machine's name and the input that a slash command starts it with."""
        dispatcher.answer(event(form(**fields)), Invocation.from_context(Context()))
        (payload,) = aws.called("StartExecution")
        assert payload["stateMachineArn"].startswith(MACHINE_ARN)
        return payload["stateMachineArn"].removeprefix(MACHINE_ARN), json.loads(payload["input"])

    @staticmethod
    def message(payload: dict[str, Any]) -> str:
        # As Step Functions hands it over: as JSON.
        account = render(Report.from_event(json.loads(json.dumps(payload))), files=True)
        return "\n".join(message.text for message in account.messages)

    def test_secret_and_off_switch_are_read_where_the_construct_says(
        self, synthesised: Synthesised, dispatcher: Dispatcher, aws: AwsDouble
    ) -> None:
        dispatcher.warm_up(1)
        names = ["/ops/prod/slack-signing-secret", synthesised.only("SSM::Parameter")["Name"]]
        assert aws.called("GetParameters") == [{"Names": names, "WithDecryption": True}]

    def test_a_script(self, synthesised: Synthesised, dispatcher: Dispatcher, aws: AwsDouble) -> None:
        machine, request = self.started(dispatcher, aws, command="/ps")
        ssm = FakeSsm([FakeInstance("i-01234567", name="web-1", stdout="PID 1 init")])
        Execution(ssm, request, ssm.clock).run(synthesised.definitions()[machine])
        text = self.message(ssm.reported)
        assert "succeeded on 1 of 1 instance" in text
        assert "PID 1 init" in text
        assert "web-1" in text

    def test_what_was_typed_reaches_the_script(
        self, synthesised: Synthesised, dispatcher: Dispatcher, aws: AwsDouble
    ) -> None:
        machine, request = self.started(dispatcher, aws, command="/ops", text="say $(id) 日本")
        ssm = FakeSsm([FakeInstance("i-01234567")])
        Execution(ssm, request, ssm.clock).run(synthesised.definitions()[machine])
        (sent,) = ssm.arguments("sendCommand")
        assert sent["Parameters"] == {"Environment": [request["script_environment"]], "TaskToken": [TOKEN]}
        assert request["text"] == "$(id) 日本"

    def test_a_function(
        self,
        synthesised: Synthesised,
        dispatcher: Dispatcher,
        aws: AwsDouble,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        machine, request = self.started(dispatcher, aws, command="/hello", text="world", channel_id="C0123OPS")
        monkeypatch.setenv("CHATOPS_HANDLER", variables(synthesised, "Hello")["CHATOPS_HANDLER"])
        monkeypatch.syspath_prepend(str(synthesised.asset(synthesised.only("Lambda::Function", "Hello")["Code"])))
        reports = []

        def tasks(resource: str, arguments: Any) -> Any:
            if resource != "lambda:invoke":
                return {}
            if "Report" in arguments["FunctionName"]:
                reports.append(arguments["Payload"])
                return {"Payload": REPORTED}
            return {"StatusCode": 200, "Payload": command_function_handler(arguments["Payload"], None)}

        Execution(tasks, request).run(synthesised.definitions()[machine])
        assert "Hello world!" in self.message(reports[0])

    def test_a_function_that_answers_nothing(
        self, synthesised: Synthesised, dispatcher: Dispatcher, aws: AwsDouble
    ) -> None:
        machine, request = self.started(dispatcher, aws, command="/hello", channel_id="C0123OPS")
        reports = []

        def tasks(resource: str, arguments: Any) -> Any:
            if resource != "lambda:invoke":
                return {}
            if "outcome" in arguments["Payload"]:
                reports.append(arguments["Payload"])
                return {"StatusCode": 200, "Payload": REPORTED}
            # A null payload comes as no payload from some languages.
            return {"StatusCode": 200}

        Execution(tasks, request).run(synthesised.definitions()[machine])
        assert reports[0]["outcome"] == {"status": "finished", "result": {"kind": "reply", "ok": True, "reply": None}}
        assert self.message(reports[0])

    def test_a_failure(self, synthesised: Synthesised, dispatcher: Dispatcher, aws: AwsDouble) -> None:
        machine, request = self.started(dispatcher, aws, command="/ps")
        denied = StateError("Ssm.SsmException", "User: x is not authorized to perform: ssm:SendCommand")
        ssm = FakeSsm([FakeInstance("i-01234567")], failing={"sendCommand": denied})
        with pytest.raises(StateError, match=r"CommandFailed.*Ssm\.SsmException: User: x"):
            Execution(ssm, request, ssm.clock).run(synthesised.definitions()[machine])
        assert "not authorized to perform: ssm:SendCommand" in self.message(ssm.reported)

    def test_report_starts_with_the_rendered_environment(
        self, synthesised: Synthesised, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name, value in variables(synthesised, "Report").items():
            monkeypatch.setenv(name, value)
        report._delivery.cache_clear()
        try:
            assert report._delivery()
        finally:
            report._delivery.cache_clear()
