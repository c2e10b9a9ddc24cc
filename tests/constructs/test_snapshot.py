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
    "CompletionSignalLogs11A1520A": "AWS::Logs::LogGroup",
    "CompletionSignalResumer82F79C10": "AWS::StepFunctions::StateMachine",
    "CompletionSignalResumerEventsRole68C7E150": "AWS::IAM::Role",
    "CompletionSignalResumerEventsRoleDefaultPolicy2F7375A9": "AWS::IAM::Policy",
    "CompletionSignalResumerRole7DAAD5D0": "AWS::IAM::Role",
    "CompletionSignalResumerRoleDefaultPolicy4F3B9BA4": "AWS::IAM::Policy",
    "CompletionSignalRule5482E31F": "AWS::Events::Rule",
    "EndedDBC27BC9": "AWS::SNS::Topic",
    "EndedPolicyADA8B9F5": "AWS::SNS::TopicPolicy",
    "Hello4A628BD4": "AWS::Lambda::Function",
    "HelloRole36B6C3CC": "AWS::IAM::Role",
    "HelloRoleDefaultPolicyD665071E": "AWS::IAM::Policy",
    "HourlyDocumentF2AA5982": "AWS::SSM::Document",
    "HourlyEndings04A5FAE6": "AWS::Events::Rule",
    "HourlyEndingsRole6F1BFAC0": "AWS::IAM::Role",
    "HourlyEndingsRoleDefaultPolicy59678E56": "AWS::IAM::Policy",
    "HourlyLogsF7A42880": "AWS::Logs::LogGroup",
    "HourlyMachineD5486241": "AWS::StepFunctions::StateMachine",
    "HourlyMachineRole8E74CB7A": "AWS::IAM::Role",
    "HourlyMachineRoleDefaultPolicyB49940E9": "AWS::IAM::Policy",
    "HourlyNotStarted172E8132": "AWS::SQS::Queue",
    "HourlyNotStartedAlarmFF90932C": "AWS::CloudWatch::Alarm",
    "HourlyNotStartedPolicy09F820E2": "AWS::SQS::QueuePolicy",
    "HourlySchedule92925C38": "AWS::Scheduler::Schedule",
    "HourlyScheduleRole8C6427AB": "AWS::IAM::Role",
    "HourlyScheduleRoleDefaultPolicyFC28BB9D": "AWS::IAM::Policy",
    "KeeperD1EBA005": "AWS::IAM::Role",
    "KeeperUpdateIpSets30B62182": "AWS::IAM::Policy",
    "Key961B73FD": "AWS::KMS::Key",
    "NightlyBatchDocument4ED62575": "AWS::SSM::Document",
    "NightlyBatchEndings16245C11": "AWS::Events::Rule",
    "NightlyBatchEndingsRoleB27221C3": "AWS::IAM::Role",
    "NightlyBatchEndingsRoleDefaultPolicy7A413857": "AWS::IAM::Policy",
    "NightlyBatchLogsE346AE73": "AWS::Logs::LogGroup",
    "NightlyBatchMachine28315C92": "AWS::StepFunctions::StateMachine",
    "NightlyBatchMachineRoleA947732E": "AWS::IAM::Role",
    "NightlyBatchMachineRoleDefaultPolicy1E34B8CD": "AWS::IAM::Policy",
    "NightlyBatchMachineRoleSendToTheTaggedInstances66C15E29": "AWS::IAM::Policy",
    "NightlyBatchNoSuccessAlarmD51943D3": "AWS::CloudWatch::Alarm",
    "NightlyBatchNotStartedAlarmC7D368C2": "AWS::CloudWatch::Alarm",
    "NightlyBatchNotStartedB9082B57": "AWS::SQS::Queue",
    "NightlyBatchNotStartedPolicy9DECDB02": "AWS::SQS::QueuePolicy",
    "NightlyBatchScheduleAC01851C": "AWS::Scheduler::Schedule",
    "NightlyBatchScheduleRole67BC2445": "AWS::IAM::Role",
    "NightlyBatchScheduleRoleDefaultPolicyCB523732": "AWS::IAM::Policy",
    "NotifierDeadLetterAlarm2FB8867C": "AWS::CloudWatch::Alarm",
    "NotifierDeadLetters09A21EAB": "AWS::SQS::Queue",
    "NotifierDeadLettersPolicy75C63320": "AWS::SQS::QueuePolicy",
    "NotifierDelayAlarmDAD5654C": "AWS::CloudWatch::Alarm",
    "NotifierEventSource054A1675": "AWS::Lambda::EventSourceMapping",
    "NotifierFunctionAF3DBB87": "AWS::Lambda::Function",
    "NotifierFunctionRole129E622F": "AWS::IAM::Role",
    "NotifierFunctionRoleDefaultPolicyAC185BF2": "AWS::IAM::Policy",
    "NotifierQueueC94A553E": "AWS::SQS::Queue",
    "NotifierQueuePolicy325A3BC3": "AWS::SQS::QueuePolicy",
    "NotifierSubscription69B1685F": "AWS::SNS::Subscription",
    "NotifierTopicE64A6449": "AWS::SNS::Topic",
    "NotifierTopicPolicy6D45C671": "AWS::SNS::TopicPolicy",
    "OfficeIpv44A6B796A": "AWS::WAFv2::IPSet",
    "OfficeIpv6A9239912": "AWS::WAFv2::IPSet",
    "PassedAccessLogsC79EB9D0": "AWS::Logs::LogGroup",
    "PassedLogsEEA4B17D": "AWS::Logs::LogGroup",
    "PassedNotifierLogsE9C62122": "AWS::Logs::LogGroup",
    "PassedOutputBE1C8B5C": "AWS::Logs::LogGroup",
    "RegisteredIpv4D406D764": "AWS::WAFv2::IPSet",
    "RegisteredIpv6542A1A15": "AWS::WAFv2::IPSet",
    "RunCommandFollowPolicy3DEE0636": "AWS::IAM::ManagedPolicy",
    "RunCommandInstancePolicy5331C33A": "AWS::IAM::ManagedPolicy",
    "RunCommandOutput1DB16FDE": "AWS::Logs::LogGroup",
    "RunCommandOutputd95b08ed99C8AEBF": "AWS::Logs::LogGroup",
    "RunLocks04E89B11": "AWS::DynamoDB::Table",
    "ScheduleTickLogs27130471": "AWS::Logs::LogGroup",
    "ScheduleTickMachine56C2AA3F": "AWS::StepFunctions::StateMachine",
    "ScheduleTickMachineRole1CF5E6B4": "AWS::IAM::Role",
    "ScheduleTickMachineRoleDefaultPolicyBF8E7F40": "AWS::IAM::Policy",
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
    "SlackChannelTurns25B55EBD": "AWS::DynamoDB::Table",
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
    "SmallDocumentEE60395E": "AWS::SSM::Document",
    "SmallLogs6C81CDA3": "AWS::Logs::LogGroup",
    "SmallMachine3F8B2062": "AWS::StepFunctions::StateMachine",
    "SmallMachineRole2C38126B": "AWS::IAM::Role",
    "SmallMachineRoleDefaultPolicy23063CC0": "AWS::IAM::Policy",
    "SmallMachineRoleSendToTheTaggedInstances8708EBDC": "AWS::IAM::Policy",
    "SmallNotStarted1733ED7D": "AWS::SQS::Queue",
    "SmallNotStartedAlarm6C8256E1": "AWS::CloudWatch::Alarm",
    "SmallNotStartedPolicyA1210E39": "AWS::SQS::QueuePolicy",
    "SmallSchedule7B798BBD": "AWS::Scheduler::Schedule",
    "SmallScheduleRoleB43D6533": "AWS::IAM::Role",
    "SmallScheduleRoleDefaultPolicy1EC19FE1": "AWS::IAM::Policy",
}


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(JSONSnapshotExtension)


def test_the_example(example: Synthesised, snapshot: SnapshotAssertion) -> None:
    assert normalise(example.template, example.directory) == snapshot


def test_logical_ids_stay(maximal: Synthesised) -> None:
    assert {id: resource["Type"] for id, resource in maximal.template["Resources"].items()} == IDS
