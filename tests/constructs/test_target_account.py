"""Scripts in another account: what the two stacks have, that they mean the same, and that the states still work."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_logs as logs

from chatops_constructs import (
    Allow,
    Approval,
    Ec2Targets,
    LogSearch,
    RunScript,
    SlackCredentials,
    TargetAccount,
    TargetAccountRole,
)
from chatops_runtime.contracts import remote_calls as contract
from chatops_runtime.contracts import report
from tests.constructs.fake_ssm import FakeInstance, FakeSsm
from tests.constructs.stacks import WEB, Synthesised, add, endpoint, new_stack
from tests.constructs.states_language import Execution, StateError
from tests.constructs.test_run_script_states import REQUEST

ROLE_ARN = "arn:aws:iam::222222222222:role/chatops-ops"
ACCOUNT = TargetAccount(ROLE_ARN, region="eu-central-1")


def restart(**options: Any) -> RunScript:
    return RunScript("systemctl restart nginx", targets=WEB, **{"account": ACCOUNT, **options})


def spoke_role(stack: cdk.Stack, **options: Any) -> TargetAccountRole:
    required = {"role_name": "chatops-ops", "trusted_account": "111111111111"}
    return TargetAccountRole(stack, "Ops", **{**required, **options})


@pytest.fixture(scope="module")
def hub() -> Synthesised:
    app, stack = new_stack("Hub")
    slack = endpoint(stack, credentials=SlackCredentials.from_parameters("/ops", bot_token=True))
    add(slack, "/restart", restart())
    approval = Approval(by=Allow.user("U0ADMIN"), channel="C0123OPS")
    add(slack, "/careful", restart(), approval=approval)
    return Synthesised.of(app, stack)


@pytest.fixture(scope="module")
def spoke() -> Synthesised:
    app, stack = new_stack("Spoke")
    spoke_role(stack, trusted_stack="Hub").allow_script("Restart", restart())
    return Synthesised.of(app, stack)


class Elsewhere(FakeSsm):
    """Systems Manager behind the function that calls it."""

    def __call__(self, resource: str, arguments: Any) -> Any:
        if resource == "lambda:invoke" and "operation" in arguments["Payload"]:
            call = arguments["Payload"]
            assert call["operation"] in contract.OPERATIONS
            return {
                "StatusCode": 200,
                "Payload": super().__call__(f"aws-sdk:ssm:{call['operation']}", call["arguments"]),
            }
        assert not resource.startswith("aws-sdk:ssm"), "nothing is called in the own account"
        return super().__call__(resource, arguments)


def reported(definition: dict[str, Any], ssm: FakeSsm) -> Any:
    execution = Execution(ssm, REQUEST, ssm.clock)
    with suppress(StateError):
        execution.run(definition)
    payloads = [each["Payload"] for each in ssm.arguments("invoke")]
    (outcome,) = [each["outcome"] for each in payloads if "outcome" in each]
    return outcome


class TestTheEndpointsStack:
    def test_has_no_document_and_no_signal_of_its_own(self, hub: Synthesised) -> None:
        assert hub.count("SSM::Document") == 0
        assert "Resumer" not in " ".join(hub.definitions())

    def test_a_function_may_take_the_role_and_nothing_else(self, hub: Synthesised) -> None:
        statements = [
            statement
            for id, policy in hub.resources("IAM::Policy").items()
            if "RemoteCalls" in id
            for statement in policy["PolicyDocument"]["Statement"]
            if "logs:CreateLogStream" not in statement["Action"]
        ]
        take = {"Sid": "TakeTheRole", "Action": "sts:AssumeRole", "Effect": "Allow", "Resource": ROLE_ARN}
        assert statements == [take, take], "one function a command"

    def test_the_function_knows_where_to_call(self, hub: Synthesised) -> None:
        functions = [one for id, one in hub.resources("Lambda::Function").items() if "RemoteCalls" in id]
        assert len(functions) == 2
        for function in functions:
            assert function["Environment"]["Variables"] == {
                contract.ROLE_ARN: ROLE_ARN,
                contract.REGION: "eu-central-1",
            }

    def test_no_role_of_a_machine_calls_systems_manager(self, hub: Synthesised) -> None:
        actions = json.dumps([one["PolicyDocument"] for one in hub.resources("IAM::Policy").values()])
        assert "ssm:SendCommand" not in actions

    def test_decide_ends_scripts_through_the_functions(self, hub: Synthesised) -> None:
        (statement,) = [one for one in hub.statements("Decisions") if one.get("Sid") == "EndScriptsElsewhere"]
        names = [one["FunctionName"] for id, one in hub.resources("Lambda::Function").items() if "RemoteCalls" in id]
        assert statement["Action"] == "lambda:InvokeFunction"
        assert len(names) == 2
        for name in names:
            assert f":function:{name}" in json.dumps(statement["Resource"])
        (layer,) = hub.resources("Lambda::LayerVersion").values()
        (table,) = hub.asset(layer["Content"]).rglob("chatops_commands.json")
        entries = json.loads(table.read_text(encoding="utf-8"))["commands"]
        assert {entry["remote_calls"] for entry in entries.values()} == set(names)


class TestTheOtherAccountsStack:
    def test_both_mean_the_same_document(self, hub: Synthesised, spoke: Synthesised) -> None:
        document = spoke.only("SSM::Document")
        assert document["Name"].startswith("chatops-ops-")
        assert document["Name"] in json.dumps(hub.definition("Restart"))

    def test_another_script_is_another_document(self, spoke: Synthesised) -> None:
        app, stack = new_stack("Spoke")
        other = RunScript("systemctl restart apache2", targets=WEB, account=ACCOUNT)
        spoke_role(stack).allow_script("Restart", other)
        assert Synthesised.of(app, stack).only("SSM::Document")["Name"] != spoke.only("SSM::Document")["Name"]

    def test_only_the_endpoints_stack_may_take_the_role(self, spoke: Synthesised) -> None:
        role = spoke.only("IAM::Role")
        (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert role["RoleName"] == "chatops-ops"
        assert ":iam::111111111111:root" in json.dumps(statement["Principal"])
        assert ":iam::111111111111:role/Hub-*" in json.dumps(statement["Condition"]["ArnLike"]["aws:PrincipalArn"])

    def test_the_role_runs_that_script_on_those_instances(self, spoke: Synthesised) -> None:
        statements = spoke.statements("")
        sends = [one for one in statements if "ssm:SendCommand" in one["Action"]]
        assert {one["Sid"] for one in sends} == {"SendThisScript", "SendToTheTaggedInstances"}
        assert sends[-1]["Condition"] == {"StringEquals": {"ssm:resourceTag/Role": ["web"]}} or sends[0].get(
            "Condition"
        )

    def test_output_goes_where_the_endpoint_says(self, hub: Synthesised, spoke: Synthesised) -> None:
        (group,) = spoke.resources("Logs::LogGroup").values()
        assert group["LogGroupName"] == "/chatops/chatops-ops/output"
        assert group["LogGroupName"] in json.dumps(hub.definition("Restart"))


class TestTheStates:
    def test_run_the_script_over_there(self, hub: Synthesised) -> None:
        ssm = Elsewhere([FakeInstance("i-01234567", name="web-1", stdout="done\n", takes=30)])
        outcome = reported(hub.definition("Restart"), ssm)
        assert outcome["status"] == report.FINISHED
        assert outcome["result"]["ok"]
        assert outcome["result"]["instances"][0]["stdout"] == "done\n"

    def test_tell_what_went_wrong_there(self, hub: Synthesised) -> None:
        refused = StateError("Sts.AccessDeniedException", "not authorized to perform: sts:AssumeRole")
        ssm = Elsewhere([FakeInstance("i-01234567")], failing={"describeDocument": refused})
        outcome = reported(hub.definition("Restart"), ssm)
        assert (outcome["status"], outcome["error"]) == (report.FAILED, "Sts.AccessDeniedException")

    @pytest.mark.parametrize("error", ["Lambda.Unknown", "Sandbox.Timedout", "Ssm.SdkClientException"])
    def test_a_send_without_an_answer_is_found_again(self, hub: Synthesised, error: str) -> None:
        class Silent(Elsewhere):
            def _send_command(self, arguments: Any) -> Any:
                super()._send_command(arguments)
                raise StateError(error)

        ssm = Silent([FakeInstance("i-01234567")])
        assert reported(hub.definition("Restart"), ssm)["result"]["ok"]
        assert len(ssm.commands) == 1

    def test_a_function_that_was_not_invoked_is_invoked_again(self, hub: Synthesised) -> None:
        throttled = StateError("Lambda.TooManyRequestsException")
        ssm = Elsewhere([FakeInstance("i-01234567")], failing={"sendCommand": [throttled, throttled]})
        assert reported(hub.definition("Restart"), ssm)["result"]["ok"]


class TestBadInput:
    @pytest.mark.parametrize(
        "arn", ["", "chatops-ops", "arn:aws:iam::1:role/x", f"{ROLE_ARN}/path", "arn:aws:sts::222222222222:role/x"]
    )
    def test_no_role(self, arn: str) -> None:
        with pytest.raises(ValueError, match=r"TargetAccount: role_arn is .*copy the output of the TargetAccountRole"):
            TargetAccount(arn)

    @pytest.mark.parametrize("region", ["", "frankfurt", "eu-central"])
    def test_no_region(self, region: str) -> None:
        with pytest.raises(ValueError, match="TargetAccount: region is"):
            TargetAccount(ROLE_ARN, region=region)

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            ({"role_name": "aws-ops"}, "role_name is 'aws-ops'"),
            ({"role_name": "ops/bot"}, "role_name is 'ops/bot'"),
            ({"trusted_account": "1234"}, "trusted_account is '1234'"),
            ({"trusted_stack": "a_b"}, "trusted_stack is 'a_b'"),
        ],
    )
    def test_of_the_role(self, options: dict[str, Any], words: str) -> None:
        _, stack = new_stack()
        with pytest.raises(ValueError, match=words):
            spoke_role(stack, **options)

    def test_a_script_for_the_own_account(self) -> None:
        _, stack = new_stack()
        with pytest.raises(ValueError, match=r"account is None.*give the action account=TargetAccount"):
            spoke_role(stack).allow_script("Ps", RunScript("ps", targets=WEB))

    def test_a_script_for_another_role(self) -> None:
        _, stack = new_stack()
        other = TargetAccount("arn:aws:iam::222222222222:role/somebody-else")
        with pytest.raises(ValueError, match="'somebody-else'; allowed: 'chatops-ops'"):
            spoke_role(stack).allow_script("Restart", restart(account=other))

    def test_a_script_that_is_known_at_deploy_time_only(self) -> None:
        with pytest.raises(ValueError, match="script is 'a script with values that are known at deploy time only"):
            RunScript(f"echo {cdk.Aws.REGION}", targets=Ec2Targets.by_tag("Role", "web"), account=ACCOUNT)


def search(stack: cdk.Stack, **options: Any) -> LogSearch:
    groups = {"orders": logs.LogGroup.from_log_group_name(stack, "Orders", "/aws/lambda/orders")}
    return LogSearch(log_groups=groups, **{"account": ACCOUNT, **options})


class TestLogSearch:
    def test_the_function_takes_the_role_and_reads_nothing_here(self) -> None:
        app, stack = new_stack("Hub")
        add(endpoint(stack), "/logsearch", search(stack))
        hub = Synthesised.of(app, stack)
        assert "logs:FilterLogEvents" not in json.dumps(hub.template)
        (function,) = [one for id, one in hub.resources("Lambda::Function").items() if "Search" in id]
        assert function["Environment"]["Variables"] == {contract.ROLE_ARN: ROLE_ARN, contract.REGION: "eu-central-1"}
        (statement,) = [one for one in hub.statements("Search") if one.get("Sid") == "TakeTheRole"]
        assert statement["Resource"] == ROLE_ARN

    def test_the_role_reads_those_groups_over_there(self) -> None:
        app, stack = new_stack("Spoke")
        spoke_role(stack).allow_log_search(search(stack))
        spoke = Synthesised.of(app, stack)
        (statement,) = [one for one in spoke.statements("") if "logs:FilterLogEvents" in one["Action"]]
        assert ":log-group:/aws/lambda/orders:*" in json.dumps(statement["Resource"])
        assert spoke.count("Logs::LogGroup") == 0

    def test_groups_without_a_plain_name_are_refused(self) -> None:
        _, stack = new_stack()
        with pytest.raises(ValueError, match=r"known at deploy time only, orders.*from_log_group_name"):
            LogSearch(log_groups={"orders": logs.LogGroup(stack, "Orders")}, account=ACCOUNT)

    def test_a_search_at_home_is_refused(self) -> None:
        _, stack = new_stack()
        with pytest.raises(ValueError, match="LogSearch: account is None"):
            spoke_role(stack).allow_log_search(search(stack, account=None))
