"""The states that send a script, and find out what became of a send that was not answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_constructs.run_command.run_on import RunOn
from chatops_constructs.workflow.asl import (
    EXECUTION,
    States,
    choice,
    expr,
    integration,
    literal,
    or_empty,
    reading_retry,
    rejected_by,
    retry,
    unanswered_by,
)
from chatops_runtime.contracts import script_environment

if TYPE_CHECKING:
    from chatops_constructs.accounts.script_elsewhere import ScriptElsewhere
    from chatops_constructs.run_command.script_document import ScriptDocument
    from chatops_constructs.run_command.targets import Ec2Targets

SEND = "Send the script"

# Errors that leave open whether the command was sent. (`States.Timeout` among them only without a signal: with one it
# is the signal that did not come.)
UNANSWERED = unanswered_by("Ssm")

# An instance that was online a moment ago is gone.
GONE = "Ssm.InvalidInstanceIdException"


@dataclass(frozen=True)
class CommandSend:
    """What is sent, and to whom.

    The states before have to assign `version`, `online` (sorted) and `by_tag`, with `RunOn.ANY_ONE` `attempt`, and
    `with_hash` the document's `hash`: Systems Manager sends nothing then if it has another one.
    """

    document: ScriptDocument | ScriptElsewhere
    targets: Ec2Targets
    run_on: RunOn
    environment: str
    delivery_seconds: int
    max_concurrency: str
    max_errors: str
    log_group_name: str
    with_hash: bool = False

    @property
    def comment(self) -> str:
        """A JSONata expression for what is ours alone on the command.

        Systems Manager has no idempotency token; by this an unanswered send is found again.
        """
        return f"{EXECUTION}.Name" + (" & ' ' & $string($attempt)" if self.run_on is RunOn.ANY_ONE else "")

    @property
    def arguments(self) -> dict[str, Any]:
        """Arguments of SendCommand."""
        return {
            "DocumentName": self.document.name,
            "DocumentVersion": expr("$version"),
            **({"DocumentHash": expr("$hash"), "DocumentHashType": "Sha256"} if self.with_hash else {}),
            **self._recipients,
            "Parameters": {script_environment.PARAMETER: [expr(self.environment)]},
            "TimeoutSeconds": self.delivery_seconds,
            "MaxConcurrency": self.max_concurrency,
            "MaxErrors": self.max_errors,
            "CloudWatchOutputConfig": {
                "CloudWatchOutputEnabled": True,
                "CloudWatchLogGroupName": self.log_group_name,
            },
            "Comment": expr(self.comment),
        }

    def own_commands(self, *, before: str | None = None) -> dict[str, Any]:
        """Arguments of ListCommands that find the commands of this document since the execution began.

        Args:
            before: A JSONata expression for a time up to which the command was sent.
        """
        # The filters take whole seconds only.
        filters = [
            {"Key": "DocumentName", "Value": self.document.name},
            {"Key": "InvokedAfter", "Value": expr(f"$substring({EXECUTION}.StartTime, 0, 19) & 'Z'")},
        ]
        return {"Filters": [*filters, *([{"Key": "InvokedBefore", "Value": expr(before)}] if before else [])]}

    def own_command(self, field: str) -> str:
        """A JSONata expression for a field of this send's command in an answer of ListCommands, or the empty string.

        The oldest: whoever repeats a command in the console repeats its comment as well.
        """
        own = f"($states.result.Commands[Comment = {self.comment}]^(RequestedDateTime))[0]"
        return or_empty(f"{own}.{field}")

    def states(self, *, sent: dict[str, Any], unanswered: tuple[str, ...], found: dict[str, Any], then: str) -> States:
        """`SEND`, and the states that look for an unanswered send.

        Args:
            sent: What else `SEND` has: its resource, what follows, and what it does with the answer.
            unanswered: The errors that leave open whether the command was sent.
            found: What is assigned when an unanswered send is looked for, beside `found_id`.
            then: The state after an unanswered send that was found again.
        """
        return {
            SEND: {
                "Type": "Task",
                "Arguments": self.arguments,
                # Only what was refused may be sent again.
                "Retry": retry(*rejected_by("Ssm"), attempts=3),
                **sent,
                "Catch": [
                    {
                        "ErrorEquals": list(unanswered),
                        "Assign": {"unanswered": expr("$states.errorOutput")},
                        "Next": "Let the send become visible",
                    },
                    *sent.get("Catch", []),
                ],
            },
            "Let the send become visible": {"Type": "Wait", "Seconds": 10, "Next": "Look for the send"},
            "Look for the send": {
                "Type": "Task",
                "Resource": integration("aws-sdk:ssm:listCommands"),
                "Arguments": self.own_commands(),
                "Assign": {"found_id": expr(self.own_command("CommandId")), **found},
                "Retry": reading_retry(),
                "Next": "Was it sent?",
            },
            "Was it sent?": {
                "Type": "Choice",
                "Choices": [choice("$boolean($found_id)", then=then)],
                "Default": "Not known to be sent",
            },
            "Not known to be sent": {
                "Type": "Fail",
                "Error": expr("$unanswered.Error"),
                "Cause": expr(
                    "'Systems Manager did not answer SendCommand and lists no such command: it was probably not sent. '"
                    " & $string($unanswered.Cause)"
                ),
            },
        }

    @property
    def _recipients(self) -> dict[str, Any]:
        if self.run_on is RunOn.ANY_ONE:
            return {"InstanceIds": [expr("$online[$attempt].instance_id")]}
        # By id, since a tag would make the command wait for instances that are known to be offline.
        return {
            "InstanceIds": expr("$by_tag ? [] : [$online.instance_id]"),
            "Targets": expr(f"$by_tag ? {literal(self.targets.filters)} : []"),
        }
