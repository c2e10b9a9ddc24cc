"""RunScript, InvokeFunction, targets, and an action of one's own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from chatops_constructs import (
    Action,
    ActionContext,
    Allow,
    BoundAction,
    CommandFunction,
    Concurrency,
    Ec2Targets,
    InvokeFunction,
    RunScript,
    SlackCredentials,
)
from tests.constructs.stacks import COMMANDS, WEB, Synthesised, add, endpoint, hello_function, new_stack, text_of
from tests.constructs.states_language import machines_of

if TYPE_CHECKING:
    from typing import Any

    from constructs import Construct


def states_of(synthesised: Synthesised) -> dict[str, Any]:
    """The states of the action of the only command, those of the send and its watch among them."""
    (definition,) = (one for name, one in synthesised.definitions().items() if "_Slack_Commands_" in name)
    (branch,) = definition["States"]["Action"]["Branches"]
    return {name: state for machine in machines_of(branch) for name, state in machine["States"].items()}


def synthesise(action: Action, **options: Any) -> Synthesised:
    app, stack = new_stack()
    add(endpoint(stack, **options), "/ps", action)
    return Synthesised.of(app, stack)


class TestRunScript:
    def test_defaults(self, minimal: Synthesised) -> None:
        step = minimal.only("SSM::Document")["Content"]["mainSteps"][0]
        assert step["inputs"]["timeoutSeconds"] == "600"
        send = states_of(minimal)["Send the script"]["Arguments"]
        assert send["TimeoutSeconds"] == 60
        assert text_of(send["CloudWatchOutputConfig"]["CloudWatchLogGroupName"]).startswith("<RunCommandOutput")
        assert RunScript("ps", targets=WEB).accepts_text is False

    def test_limits_that_are_given(self) -> None:
        action = RunScript(
            "ps",
            targets=WEB,
            timeout=cdk.Duration.minutes(7),
            delivery_timeout=cdk.Duration.minutes(2),
            accepts_text=True,
        )
        synthesised = synthesise(action)
        assert synthesised.only("SSM::Document")["Content"]["mainSteps"][0]["inputs"]["timeoutSeconds"] == "420"
        assert states_of(synthesised)["Send the script"]["Arguments"]["TimeoutSeconds"] == 120
        definition = synthesised.definition("Ps_Machine")
        # Delivery, the script, a margin of a minute; and three quarters of an hour, two minutes more, to tell of it.
        assert definition["TimeoutSeconds"] == 120 + 420 + 60 + 2700 + 120
        assert action.accepts_text is True

    def test_the_document_is_updated_by_new_versions(self, minimal: Synthesised) -> None:
        document = minimal.only("SSM::Document")
        assert document["UpdateMethod"] == "NewVersion"
        assert document["DocumentType"] == "Command"
        assert document["TargetType"] == "/AWS::EC2::Instance"
        assert document["Name"].startswith("Ops_Slack_Commands_Ps_Document_"), "the signal's rule knows it by that"

    def test_a_role_may_do_what_the_states_do_and_nothing_else(self, minimal: Synthesised) -> None:
        called = {
            f"ssm:{action[0].upper()}{action[1:]}"
            for state in states_of(minimal).values()
            if (action := str(state.get("Resource", "")).partition(":aws-sdk:ssm:")[2].partition(".")[0])
        }
        granted = {
            action
            for statement in [*minimal.statements("PsMachineRole"), *minimal.statements("RunCommandFollowPolicy")]
            for action in (statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]])
        }
        assert granted == called


class TestTargets:
    def test_by_tag_may_send_to_what_carries_all_tags(self) -> None:
        targets = Ec2Targets.by_tag("Role", "web", "app").and_tag("Stage", "production")
        synthesised = synthesise(RunScript("ps", targets=targets))
        (statement,) = synthesised.statements("SendToTheTaggedInstances")
        assert statement["Condition"] == {
            "StringEquals": {"ssm:resourceTag/Role": ["web", "app"], "ssm:resourceTag/Stage": ["production"]}
        }
        assert states_of(synthesised)["Find the instances"]["Arguments"]["Filters"] == [
            {"Key": "tag:Role", "Values": ["web", "app"]},
            {"Key": "tag:Stage", "Values": ["production"]},
        ]
        assert states_of(synthesised)["Judge"]["Output"]["targets"] == "Role=web|app and Stage=production"

    def test_by_ids_may_send_to_these(self) -> None:
        synthesised = synthesise(RunScript("ps", targets=Ec2Targets.by_ids("i-01234567", "i-01234567", "i-89abcdef")))
        (statement,) = (
            one for one in synthesised.statements("MachineRole") if one.get("Sid") == "SendToTheseInstances"
        )
        assert [text_of(one).rpartition(":")[2] for one in statement["Resource"]] == [
            "instance/i-01234567",
            "instance/i-89abcdef",
        ]
        assert "Condition" not in statement
        assert states_of(synthesised)["Find the instances"]["Arguments"]["Filters"] == [
            {"Key": "InstanceIds", "Values": ["i-01234567", "i-89abcdef"]}
        ]

    def test_by_ids_takes_instances_of_the_app(self) -> None:
        app, stack = new_stack()
        instance = ec2.CfnInstance(stack, "Web")
        add(endpoint(stack), "/ps", RunScript("ps", targets=Ec2Targets.by_ids(instance.ref)))
        synthesised = Synthesised.of(app, stack)
        assert states_of(synthesised)["Find the instances"]["Arguments"]["Filters"][0]["Values"] == ["<Web>"]
        assert states_of(synthesised)["Judge"]["Output"]["targets"] == "<Web>"

    def test_descriptions(self) -> None:
        assert WEB.description == "Role=web"
        assert Ec2Targets.by_ids("i-01234567", "i-89abcdef").description == "i-01234567, i-89abcdef"


class TestInvokeFunction:
    def test_accepts_text_unless_told_otherwise(self, stack: cdk.Stack) -> None:
        function = hello_function(stack)
        assert InvokeFunction(function).accepts_text is True
        assert InvokeFunction(function, accepts_text=False).accepts_text is False

    @pytest.mark.parametrize(("minutes", "longest"), [(None, 3), (2, 120)])
    def test_takes_as_long_as_the_function(self, stack: cdk.Stack, minutes: int | None, longest: int) -> None:
        function = lambda_.Function(
            stack,
            "Seed",
            runtime=lambda_.Runtime.PYTHON_3_14,
            handler="seed.handler",
            code=lambda_.Code.from_asset(str(COMMANDS)),
            timeout=None if minutes is None else cdk.Duration.minutes(minutes),
        )
        command = add(endpoint(stack), "/seed", InvokeFunction(function))
        assert command.action.longest.to_seconds() == longest
        assert command.action.resources == {}

    def test_an_imported_function_may_take_a_quarter_of_an_hour(self, stack: cdk.Stack) -> None:
        arn = "arn:aws:lambda:us-east-1:123456789012:function:seed"
        command = add(endpoint(stack), "/seed", InvokeFunction(lambda_.Function.from_function_arn(stack, "Seed", arn)))
        assert command.action.longest.to_minutes() == 15

    def test_more_fields_are_the_same_each_time(self) -> None:
        app, stack = new_stack()
        fields: dict[str, str | int | bool] = {"administration": True, "stage": "production", "level": 3}
        add(endpoint(stack), "/hello", InvokeFunction(hello_function(stack), more_fields=fields))
        definition = json.dumps(Synthesised.of(app, stack).definition("Hello"))
        assert '"administration": true, "stage": "production", "level": 3}' in definition

    @pytest.mark.parametrize("name", ["version", "command", "text", "team_id", "user", "channel", "request_id"])
    def test_no_field_of_the_contract_is_replaced(self, stack: cdk.Stack, name: str) -> None:
        with pytest.raises(ValueError, match=f"more_fields is '{name}'; allowed: other names than version"):
            InvokeFunction(hello_function(stack), more_fields={name: "anything"})

    def test_no_field_is_an_expression(self, stack: cdk.Stack) -> None:
        with pytest.raises(ValueError, match=r"more_fields\['by'\] is '\{% \$states.input %\}'"):
            InvokeFunction(hello_function(stack), more_fields={"by": "{% $states.input %}"})

    def test_may_invoke_that_function_or_alias_and_no_version_of_it(self) -> None:
        app, stack = new_stack()
        alias = lambda_.Alias(stack, "Live", alias_name="live", version=hello_function(stack).current_version)
        slack = endpoint(stack)
        add(slack, "/hello", InvokeFunction(hello_of(stack)))
        add(slack, "/live", InvokeFunction(alias))
        synthesised = Synthesised.of(app, stack)
        (role,) = (one for one in synthesised.statements("HelloMachineRole") if "Report" not in str(one["Resource"]))
        assert text_of(role["Resource"]) == "<Hello4A628BD4.Arn>"
        (role,) = (one for one in synthesised.statements("LiveMachineRole") if "Report" not in str(one["Resource"]))
        assert role["Resource"] == {"Ref": "Live"} or text_of(role["Resource"]).startswith("<Live")


class TestCommandFunction:
    def test_defaults(self) -> None:
        app, stack = new_stack()
        hello_function(stack)
        synthesised = Synthesised.of(app, stack)
        function = synthesised.only("Lambda::Function")
        assert function["Description"] == "Slash command handler hello.hello"
        assert function["MemorySize"] == 256
        assert function["Timeout"] == 60
        assert function["Runtime"] == "python3.14"
        assert function["Architectures"] == ["arm64"]
        assert function["Environment"]["Variables"] == {"CHATOPS_HANDLER": "hello.hello"}
        assert function["Handler"] == "chatops_runtime.command_function.handler"
        assert function["Layers"] == [{"Ref": "ChatOpsRuntimeLayerF6F34960"}]
        assert synthesised.only("Logs::LogGroup") == {"RetentionInDays": 30}
        (statement,) = synthesised.statements("HelloRole")
        assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
        assert text_of(statement["Resource"]) == "<HelloLogsEE29EE27.Arn>"

    def test_everything_that_may_be_given(self, maximal: Synthesised) -> None:
        function = maximal.only("Lambda::Function", "Hello")
        assert function["Description"] == "Greets"
        assert function["MemorySize"] == 512
        assert function["Timeout"] == 900
        assert function["Environment"]["Variables"] == {"CHATOPS_HANDLER": "hello.hello", "GREETING": "Hello"}
        assert function["LoggingConfig"]["LogGroup"] == "/ops/hello"

    def test_its_asset_is_the_folder_without_byte_code(self, example: Synthesised) -> None:
        folder = example.asset(example.only("Lambda::Function", "Hello")["Code"])
        assert sorted(path.name for path in folder.rglob("*")) == ["hello.py", "uptime.sh"]

    def test_a_handler_in_a_package(self, stack: cdk.Stack, tmp_path: Any) -> None:
        (tmp_path / "tools" / "greetings").mkdir(parents=True)
        (tmp_path / "tools" / "hello.py").touch()
        (tmp_path / "tools" / "greetings" / "__init__.py").touch()
        CommandFunction(stack, "Module", entry=tmp_path, handler="tools.hello.hello")
        CommandFunction(stack, "Package", entry=tmp_path, handler="tools.greetings.hello")

    def test_two_of_them_share_the_layer(self) -> None:
        app, stack = new_stack()
        for id in ("One", "Two"):
            CommandFunction(stack, id, entry=COMMANDS, handler="hello.hello")
        assert Synthesised.of(app, stack).count("Lambda::LayerVersion") == 1


class Announce(Action):
    """An action of a user's own: publishes to a topic and says so."""

    accepts_text = True

    def __init__(self, longest: cdk.Duration) -> None:
        self.longest = longest
        self.contexts: list[ActionContext] = []

    def bind(self, scope: Construct, context: ActionContext) -> BoundAction:
        self.contexts.append(context)
        context.role.add_to_principal_policy(iam.PolicyStatement(actions=["sns:Publish"], resources=["arn:topic"]))
        say = {"Type": "Pass", "Output": {"kind": "reply", "ok": True, "reply": "announced"}, "End": True}
        return BoundAction(start_at="Say", states={"Say": say}, longest=self.longest, resources={})


class TestActionOfOnesOwn:
    def test_is_bound_with_its_command(self) -> None:
        app, stack = new_stack()
        action = Announce(cdk.Duration.seconds(5))
        command = add(endpoint(stack), "/ops announce", action, description="tells everybody")
        (context,) = action.contexts
        assert context.role is command.role
        assert (context.command, context.description) == ("/ops announce", "tells everybody")
        assert context.request == "$states.context.Execution.Input"
        assert (context.encryption_key, context.freezes, context.asking) == (None, False, None)
        synthesised = Synthesised.of(app, stack)
        assert list(states_of(synthesised)) == ["Say"]
        assert "sns:Publish" in json.dumps(synthesised.statements("OpsAnnounceMachineRole"))

    @pytest.mark.parametrize(
        ("options", "freezes"), [({"confirm": True}, True), ({"concurrency": Concurrency.ONE}, False)]
    )
    def test_is_told_if_somebody_is_asked_first(self, stack: cdk.Stack, options: dict[str, Any], freezes: bool) -> None:
        action = Announce(cdk.Duration.seconds(5))
        add(endpoint(stack), "/ops announce", action, **options)
        (context,) = action.contexts
        assert (context.request, context.freezes) == ("$request", freezes)

    def test_has_to_be_answerable_too(self, stack: cdk.Stack) -> None:
        slack = endpoint(stack, credentials=SlackCredentials.from_parameters("/ops"))
        with pytest.raises(ValueError, match="an action of up to 26 minutes"):
            slack.add_command("/ps", Announce(cdk.Duration.minutes(26)), description="x", allow=Allow.workspace())


def hello_of(stack: cdk.Stack) -> lambda_.IFunction:
    function = stack.node.find_child("Hello")
    assert isinstance(function, lambda_.Function)
    return function
