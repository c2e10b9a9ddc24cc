"""Some permissions of the stack `Restricted`, by what their loss leads to; all of them are tried by `make iam`."""

from __future__ import annotations

from tests.end_to_end.lacking import Lack

_PLAIN, _KEYED = "PlainMachineRoleDefaultPolicy", "KeyedMachineRoleDefaultPolicy"
_FOLLOW, _AGENT, _TICK = "RunCommandFollowPolicy", "RunCommandInstancePolicy", "ScheduleTickMachineRoleDefaultPolicy"

TASKS = ("Plain", "Keyed")
# Without these a state of the run fails, and the task and the error are told. With them, where the script ran.
IN_THE_RUN = {
    Lack(_PLAIN, "ssm:SendCommand"): 0,
    Lack("PlainMachineRoleSendToTheTaggedInstances", "ssm:SendCommand"): 0,
    Lack(_FOLLOW, "ssm:GetCommandInvocation"): 1,
}
TO_CANCEL = Lack(_FOLLOW, "ssm:CancelCommand")
# Before the run; nothing catches that but the rule on endings.
BEFORE_THE_RUN = [Lack(_PLAIN, "states:ListExecutions"), Lack(_KEYED, "dynamodb:PutItem")]
TO_RELEASE = Lack(_KEYED, "dynamodb:DeleteItem")
TO_TELL = [Lack(_PLAIN, "sns:Publish", topic) for topic in ("<Succeeded>", "<Failed>")]
SCHEDULE_STARTS = {"Keyed": Lack("KeyedScheduleRoleDefaultPolicy", "states:StartExecution")}
TICK_STARTS = {"Keyed": Lack(_TICK, "states:StartExecution", "<KeyedMachine>")}
# These are needed only where the start itself fails.
SCHEDULE_BURIES = [
    ("Keyed", Lack("KeyedScheduleRoleDefaultPolicy", action)) for action in ("sqs:SendMessage", "kms:GenerateDataKey")
]
TICK_BURIES = [("Keyed", Lack(_TICK, "sqs:SendMessage", "<KeyedNotStarted>"))]
TO_SIGNAL = Lack("CompletionSignalResumerRoleDefaultPolicy", "states:SendTaskSuccess")
TO_BRING_SIGNALS = Lack("CompletionSignalResumerEventsRoleDefaultPolicy", "states:StartExecution")
TO_BRING_ENDINGS = {"Plain": Lack("PlainEndingsRoleDefaultPolicy", "states:StartExecution")}
TO_REGISTER = Lack(_AGENT, "ssm:UpdateInstanceInformation")
TO_WRITE_OUTPUT = Lack(_AGENT, "logs:PutLogEvents", "<RunCommandOutput>")
