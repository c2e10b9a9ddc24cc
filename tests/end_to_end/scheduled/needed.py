"""Every permission in the template of the stack `Restricted`, by what its loss leads to."""

from __future__ import annotations

from tests.end_to_end.scheduled.permissions import Permission
from tests.end_to_end.telemetry import DELIVER_LOGS, DELIVER_TRACES

TASKS = ("Plain", "Keyed")
FOLLOW = ("RunCommandFollowPolicy", "FollowCommands")
TELEMETRY, AGENT, TICK = "ChatOpsTelemetryPolicy", "RunCommandInstancePolicy", "ScheduleTickMachineRoleDefaultPolicy"

# Without these a state of the run fails, and the task and the error are told. With them, where the script ran.
IN_THE_RUN = {
    Permission("PlainMachineRoleDefaultPolicy", "SendThisScript", "ssm:DescribeDocument"): 0,
    Permission("PlainMachineRoleDefaultPolicy", "SendThisScript", "ssm:SendCommand"): 0,
    Permission("PlainMachineRoleSendToTheTaggedInstances", "SendToTheTaggedInstances", "ssm:SendCommand"): 0,
    Permission("KeyedMachineRoleDefaultPolicy", "SendThisScript", "ssm:DescribeDocument"): 0,
    Permission("KeyedMachineRoleDefaultPolicy", "SendThisScript", "ssm:SendCommand"): 0,
    Permission("KeyedMachineRoleDefaultPolicy", "SendToTheseInstances", "ssm:SendCommand"): 0,
    Permission(*FOLLOW, "ssm:DescribeInstanceInformation"): 0,
    Permission(*FOLLOW, "ssm:ListCommands"): 1,
    Permission(*FOLLOW, "ssm:ListCommandInvocations"): 1,
    Permission(*FOLLOW, "ssm:GetCommandInvocation"): 1,
}
TO_CANCEL = Permission(*FOLLOW, "ssm:CancelCommand")
# Before the run; nothing catches that but the rule on endings.
BEFORE_THE_RUN = [
    Permission("PlainMachineRoleDefaultPolicy", "ListOwnRuns", "states:ListExecutions"),
    Permission("KeyedMachineRoleDefaultPolicy", "LockRuns", "dynamodb:PutItem"),
    *(
        Permission("KeyedMachineRoleDefaultPolicy", "UseKeyOfLocks", f"kms:{action}")
        for action in ("Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "ReEncryptFrom", "ReEncryptTo")
    ),
]
TO_RELEASE = Permission("KeyedMachineRoleDefaultPolicy", "LockRuns", "dynamodb:DeleteItem")
TO_TELL = [
    Permission(f"{task}MachineRoleDefaultPolicy", topic, "sns:Publish")
    for task in TASKS
    for topic in ("Succeeded", "Failed")
]
SCHEDULE_STARTS = {
    task: Permission(f"{task}ScheduleRoleDefaultPolicy", "ScheduleTickMachine", "states:StartExecution")
    for task in TASKS
}
TICK_STARTS = {task: Permission(TICK, f"{task}Machine", "states:StartExecution") for task in TASKS}
# These are needed only where the start itself fails.
SCHEDULE_BURIES = [
    ("Plain", Permission("PlainScheduleRoleDefaultPolicy", "PlainNotStarted", "sqs:SendMessage")),
    ("Keyed", Permission("KeyedScheduleRoleDefaultPolicy", "KeyedNotStarted", "sqs:SendMessage")),
    ("Keyed", Permission("KeyedScheduleRoleDefaultPolicy", "Key", "kms:GenerateDataKey")),
    ("Keyed", Permission("KeyedScheduleRoleDefaultPolicy", "Key", "kms:Decrypt")),
]
TICK_BURIES = [
    ("Plain", Permission(TICK, "PlainNotStarted", "sqs:SendMessage")),
    ("Keyed", Permission(TICK, "KeyedNotStarted", "sqs:SendMessage")),
    ("Keyed", Permission(TICK, "Key", "kms:GenerateDataKey")),
    ("Keyed", Permission(TICK, "Key", "kms:Decrypt")),
]
TO_SIGNAL = Permission("CompletionSignalResumerRoleDefaultPolicy", "ReturnTokens", "states:SendTaskSuccess")
TO_BRING_SIGNALS = Permission(
    "CompletionSignalResumerEventsRoleDefaultPolicy", "CompletionSignalResumer", "states:StartExecution"
)
TO_BRING_ENDINGS = {
    task: Permission(f"{task}EndingsRoleDefaultPolicy", f"{task}Machine", "states:StartExecution") for task in TASKS
}
# What Step Functions asks for when a machine is created or updated.
AT_CREATION = [
    *(Permission(TELEMETRY, "DeliverLogs", action) for action in DELIVER_LOGS),
    *(Permission(TELEMETRY, "DeliverTraces", action) for action in DELIVER_TRACES),
    Permission("KeyedMachineRoleDefaultPolicy", "EncryptExecutions", "kms:Decrypt"),
    Permission("KeyedMachineRoleDefaultPolicy", "EncryptExecutions", "kms:GenerateDataKey"),
    Permission("KeyedMachineRoleDefaultPolicy", "EncryptLogDelivery", "kms:GenerateDataKey"),
]
TO_REGISTER = Permission(AGENT, "TalkToSystemsManager", "ssm:UpdateInstanceInformation")
# An agent talks to one of the two services.
CHANNELS = [
    Permission(AGENT, "TalkToSystemsManager", f"ssmmessages:{action}")
    for action in ("CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel")
]
MESSAGES = [
    Permission(AGENT, "TalkToSystemsManager", f"ec2messages:{action}")
    for action in ("AcknowledgeMessage", "DeleteMessage", "FailMessage", "GetEndpoint", "GetMessages", "SendReply")
]
TO_WRITE_OUTPUT = [
    ("Plain", Permission(AGENT, "TalkToSystemsManager", "logs:DescribeLogGroups")),
    *(
        (task, Permission(AGENT, group, f"logs:{action}"))
        for task, group in (("Plain", "RunCommandOutput"), ("Keyed", "RunCommandOutputd2711f6c"))
        for action in ("CreateLogStream", "PutLogEvents", "DescribeLogStreams")
    ),
]
TESTED = [
    *IN_THE_RUN,
    TO_CANCEL,
    *BEFORE_THE_RUN,
    TO_RELEASE,
    *TO_TELL,
    *SCHEDULE_STARTS.values(),
    *TICK_STARTS.values(),
    *(permission for _, permission in SCHEDULE_BURIES),
    *(permission for _, permission in TICK_BURIES),
    TO_SIGNAL,
    TO_BRING_SIGNALS,
    *TO_BRING_ENDINGS.values(),
    *AT_CREATION,
    TO_REGISTER,
    *CHANNELS,
    *MESSAGES,
    *(permission for _, permission in TO_WRITE_OUTPUT),
]


def label(value: object) -> str:
    """A parameter in a test's name."""
    return ".".join(value) if isinstance(value, Permission) else str(value) if isinstance(value, str) else ""
