"""What AWS demands of roles when it makes functions and state machines, and of those behind rules and schedules."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.ministack.permissions.roles_at_creation import LOG_DELIVERY, TRACING
from chatops_local.server import DeploymentFailedError
from tests.local.ministack.stacks import ACCOUNT, WRITE_LOGS, allow, arn, deploy, finish, function, machine, role
from tests.local.trust import behaviours
from tests.local.trust.behaviours import (
    MACHINE_KEY,
    RULE_ROLE,
    RULE_TARGET_POLICY,
    TRUST_OF_FUNCTIONS,
    TRUST_OF_MACHINES,
)

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.server import Server
    from tests.local.trust.behaviours import Behaviour

DONE = {"Done": {"Type": "Pass", "End": True}}
KEY = {"Fn::GetAtt": ["Key", "Arn"]}
MACHINE_ARN = arn("states", "stateMachine:encrypted")
OF_THE_MACHINE = {"StringEquals": {"kms:EncryptionContext:aws:states:stateMachineArn": MACHINE_ARN}}
OF_THE_LOGS = {"StringEquals": {"kms:EncryptionContext:SourceArn": f"arn:aws:logs:us-east-1:{ACCOUNT}:*"}}


def logged_machine(**properties: Any) -> dict[str, Any]:
    made = machine("Role", DONE)
    destination = {"CloudWatchLogsLogGroup": {"LogGroupArn": {"Fn::GetAtt": ["Logs", "Arn"]}}}
    logging = {"Level": "ALL", "IncludeExecutionData": False, "Destinations": [destination]}
    made["Properties"].update({"LoggingConfiguration": logging, **properties})
    return made


def resources_with(principal: str, statements: list[dict[str, Any]], made: dict[str, Any]) -> dict[str, Any]:
    key_policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*",
                       "Resource": "*"}],
    }  # fmt: skip
    return {
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": key_policy}},
        "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {}},
        "Role": role(principal, *statements),
        "Made": made,
    }


def one_by_one(behaviour: Behaviour, actions: tuple[str, ...]) -> list[Any]:
    """With all actions (`None`), and without each of them."""
    lacking = [pytest.param(action, marks=behaviour.deny(action)) for action in actions]
    return [pytest.param(None, marks=behaviour.allow(*actions)), *lacking]


def without(actions: tuple[str, ...], one: str) -> list[str]:
    return [action for action in actions if action != one]


@pytest.mark.parametrize("missing", one_by_one(behaviours.LOG_DELIVERY, LOG_DELIVERY))
def test_log_delivery(server: Server, tmp_path: Path, missing: str | None):
    actions = without(LOG_DELIVERY, missing or "")
    resources = resources_with("states", [allow(actions)], logged_machine())
    if missing is None:
        deploy(server, tmp_path, "Delivery", resources)
        return
    with pytest.raises(DeploymentFailedError, match=f"not authorized to perform: {missing} on resource"):
        deploy(server, tmp_path, f"Delivery-{missing.partition(':')[2]}", resources)


@pytest.mark.parametrize("missing", one_by_one(behaviours.TRACING, TRACING))
def test_tracing(server: Server, tmp_path: Path, missing: str | None):
    made = machine("Role", DONE)
    made["Properties"]["TracingConfiguration"] = {"Enabled": True}
    resources = resources_with("states", [allow(without(TRACING, missing or ""))], made)
    if missing is None:
        deploy(server, tmp_path, "Tracing", resources)
        return
    with pytest.raises(DeploymentFailedError, match=f"not authorized to perform: {missing} on resource"):
        deploy(server, tmp_path, f"Tracing-{missing.partition(':')[2]}", resources)


ENCRYPTING = {
    "all": [allow(["kms:Decrypt", "kms:GenerateDataKey"], KEY, OF_THE_MACHINE),
            allow("kms:GenerateDataKey", KEY, OF_THE_LOGS)],
    "kms:Decrypt": [allow("kms:GenerateDataKey", KEY)],
    "kms:GenerateDataKey": [allow("kms:Decrypt", KEY, OF_THE_MACHINE), allow("kms:GenerateDataKey", KEY, OF_THE_LOGS)],
    "kms:GenerateDataKey of logs": [allow(["kms:Decrypt", "kms:GenerateDataKey"], KEY, OF_THE_MACHINE)],
}  # fmt: skip


@pytest.mark.parametrize(
    "missing",
    [pytest.param(each, marks=MACHINE_KEY.allow() if each == "all" else MACHINE_KEY.deny()) for each in ENCRYPTING],
)
def test_encryption(server: Server, tmp_path: Path, missing: str):
    encryption = {"Type": "CUSTOMER_MANAGED_KMS_KEY", "KmsKeyId": KEY}
    made = logged_machine(StateMachineName="encrypted", EncryptionConfiguration=encryption)
    resources = resources_with("states", [allow(list(LOG_DELIVERY)), *ENCRYPTING[missing]], made)
    if missing == "all":
        server.destroy(deploy(server, tmp_path, "Encrypted", resources))
        return
    with pytest.raises(
        DeploymentFailedError, match=f"not authorized to perform: {missing.partition(' ')[0]} on resource"
    ):
        deploy(server, tmp_path, "Unencrypted", resources)


@TRUST_OF_FUNCTIONS.deny()
@TRUST_OF_MACHINES.deny()
def test_a_role_must_trust_its_service(server: Server, tmp_path: Path):
    with pytest.raises(DeploymentFailedError, match=r"states\.amazonaws\.com, nor the regional one"):
        deploy(server, tmp_path, "Distrust", resources_with("lambda", [], machine("Role", DONE)))
    made = function("def handler(event, context): pass", "Role")
    with pytest.raises(DeploymentFailedError, match="cannot be assumed by Lambda"):
        deploy(server, tmp_path, "DistrustToo", resources_with("states", [WRITE_LOGS], made))


# --- Targets of rules: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html


def rule(target: dict[str, Any]) -> dict[str, Any]:
    properties = {"EventPattern": {"source": ["tests"]}, "Targets": [{"Id": "target", **target}]}
    return {"Type": "AWS::Events::Rule", "Properties": properties}


@RULE_ROLE.allow()
@RULE_ROLE.deny()
@RULE_TARGET_POLICY.allow()
@RULE_TARGET_POLICY.deny()
def test_rules_start_what_their_roles_or_functions_let_them(server: Server, tmp_path: Path):
    permission = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": {"Fn::GetAtt": ["Permitted", "Arn"]},
        "Principal": "events.amazonaws.com",
        "SourceArn": {"Fn::GetAtt": ["PermittedRule", "Arn"]},
    }
    resources = {
        "Idle": role("states"),
        "FunctionRole": role("lambda", WRITE_LOGS),
        "Allowed": machine("Idle", DONE),
        "Denied": machine("Idle", DONE),
        "Starter": role("events", allow("states:StartExecution", {"Ref": "Allowed"})),
        "AllowedRule": rule({"Arn": {"Ref": "Allowed"}, "RoleArn": {"Fn::GetAtt": ["Starter", "Arn"]}}),
        "DeniedRule": rule({"Arn": {"Ref": "Denied"}, "RoleArn": {"Fn::GetAtt": ["Starter", "Arn"]}}),
        "Permitted": function("def handler(event, context): print('permitted ran')", "FunctionRole"),
        "Unpermitted": function("def handler(event, context): print('unpermitted ran')", "FunctionRole"),
        "PermittedRule": rule({"Arn": {"Fn::GetAtt": ["Permitted", "Arn"]}}),
        "UnpermittedRule": rule({"Arn": {"Fn::GetAtt": ["Unpermitted", "Arn"]}}),
        "Permission": {"Type": "AWS::Lambda::Permission", "Properties": permission},
    }
    stack = deploy(server, tmp_path, "Rules", resources)
    entry = {"Source": "tests", "DetailType": "test", "Detail": json.dumps({})}
    assert server.client("events").put_events(Entries=[entry])["FailedEntryCount"] == 0
    deadline = time.monotonic() + 10
    while "permitted ran" not in [line.message for line in server.function_logs()]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    (execution,) = server.executions(stack.resource("Allowed"))
    finish(server, execution.arn)
    assert server.executions(stack.resource("Denied")) == []
    assert "unpermitted ran" not in [line.message for line in server.function_logs()]
