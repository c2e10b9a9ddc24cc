"""The example's whole template, and the logical ids that a deployed stack must keep.

The snapshot is a tripwire: look at the change, then `python -m pytest tests/constructs/test_snapshot.py
--snapshot-update`. The list of ids is more than that: an id that changes is a resource that CloudFormation deletes and
makes anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from syrupy.extensions.json import JSONSnapshotExtension

from tests.constructs.normalise import normalise

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from tests.constructs.stacks import Synthesised

IDS = {
    "ChatOpsRuntimeLayerF6F34960": "AWS::Lambda::LayerVersion",
    "ChatOpsTelemetryPolicy4F2E5F04": "AWS::IAM::ManagedPolicy",
    "Hello4A628BD4": "AWS::Lambda::Function",
    "HelloRole36B6C3CC": "AWS::IAM::Role",
    "HelloRoleDefaultPolicyD665071E": "AWS::IAM::Policy",
    "Key961B73FD": "AWS::KMS::Key",
    "PassedAccessLogsC79EB9D0": "AWS::Logs::LogGroup",
    "PassedLogsEEA4B17D": "AWS::Logs::LogGroup",
    "RunCommandFollowPolicy3DEE0636": "AWS::IAM::ManagedPolicy",
    "RunCommandInstancePolicy5331C33A": "AWS::IAM::ManagedPolicy",
    "RunCommandOutput1DB16FDE": "AWS::Logs::LogGroup",
    "RunCommandOutputd95b08ed99C8AEBF": "AWS::Logs::LogGroup",
    "SimpleCommandsPsDocumentF2DB47BB": "AWS::SSM::Document",
    "SimpleCommandsPsMachineFA827938": "AWS::StepFunctions::StateMachine",
    "SimpleCommandsPsMachineRole4B58645C": "AWS::IAM::Role",
    "SimpleCommandsPsMachineRoleDefaultPolicy2767DD99": "AWS::IAM::Policy",
    "SimpleCommandsPsMachineRoleSendToTheTaggedInstances95DB5765": "AWS::IAM::Policy",
    "SimpleCommandsTableDCB548B9": "AWS::Lambda::LayerVersion",
    "SimpleDispatch1FAB7F8C": "AWS::Lambda::Function",
    "SimpleDispatchFunctionUrlDFFE345D": "AWS::Lambda::Url",
    "SimpleDispatchLogs214F62DE": "AWS::Logs::LogGroup",
    "SimpleDispatchRole0E4456EF": "AWS::IAM::Role",
    "SimpleDispatchRoleDefaultPolicy04210DD6": "AWS::IAM::Policy",
    "SimpleDispatchinvokefunction00113832": "AWS::Lambda::Permission",
    "SimpleDispatchinvokefunctionurl1CD6F9BE": "AWS::Lambda::Permission",
    "SimpleLogsDD6C6DB5": "AWS::Logs::LogGroup",
    "SimpleReport43AEAD4F": "AWS::Lambda::Function",
    "SimpleReportLogsEF0CA4BB": "AWS::Logs::LogGroup",
    "SimpleReportRoleDCB590D0": "AWS::IAM::Role",
    "SimpleReportRoleDefaultPolicy7000CEDA": "AWS::IAM::Policy",
    "SlackApi4A7D83F2": "AWS::ApiGatewayV2::Api",
    "SlackCommandsBastionDocument12C948F7": "AWS::SSM::Document",
    "SlackCommandsBastionMachine01CA6D29": "AWS::StepFunctions::StateMachine",
    "SlackCommandsBastionMachineRole88110896": "AWS::IAM::Role",
    "SlackCommandsBastionMachineRoleDefaultPolicy1EDC5AE1": "AWS::IAM::Policy",
    "SlackCommandsHelloMachine0AB795D1": "AWS::StepFunctions::StateMachine",
    "SlackCommandsHelloMachineRole5B34B35F": "AWS::IAM::Role",
    "SlackCommandsHelloMachineRoleDefaultPolicy20EC0939": "AWS::IAM::Policy",
    "SlackCommandsOpsRestartDocument916E82C6": "AWS::SSM::Document",
    "SlackCommandsOpsRestartMachineB2790AEA": "AWS::StepFunctions::StateMachine",
    "SlackCommandsOpsRestartMachineRoleBEA31C56": "AWS::IAM::Role",
    "SlackCommandsOpsRestartMachineRoleDefaultPolicy3CE01694": "AWS::IAM::Policy",
    "SlackCommandsOpsRestartMachineRoleSendToTheTaggedInstances7BCC3549": "AWS::IAM::Policy",
    "SlackCommandsTable12EADCC5": "AWS::Lambda::LayerVersion",
    "SlackDispatch4BC19F45": "AWS::Lambda::Function",
    "SlackDispatchLogsD2288654": "AWS::Logs::LogGroup",
    "SlackDispatchRoleD71E245E": "AWS::IAM::Role",
    "SlackDispatchRoleDefaultPolicyBCB8CEBB": "AWS::IAM::Policy",
    "SlackReportD28635E7": "AWS::Lambda::Function",
    "SlackReportLogs7BCFE016": "AWS::Logs::LogGroup",
    "SlackReportRoleDefaultPolicy6877B1E7": "AWS::IAM::Policy",
    "SlackReportRoleF7CC3ED2": "AWS::IAM::Role",
    "SlackRoute06365FAA": "AWS::ApiGatewayV2::Route",
    "SlackRouteIntegration8D46D076": "AWS::ApiGatewayV2::Integration",
    "SlackRouteIntegrationPermission2DC32346": "AWS::Lambda::Permission",
    "SlackStageED0798C8": "AWS::ApiGatewayV2::Stage",
}


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(JSONSnapshotExtension)


def test_the_example(example: Synthesised, snapshot: SnapshotAssertion) -> None:
    assert normalise(example.template, example.directory) == snapshot


def test_logical_ids_stay(maximal: Synthesised) -> None:
    assert {id: resource["Type"] for id, resource in maximal.template["Resources"].items()} == IDS
