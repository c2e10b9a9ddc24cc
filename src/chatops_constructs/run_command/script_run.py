"""The states that run one script document on its targets and come to a verdict.

    freeze -> find the instances -> send -> wait and poll -> list every invocation -> collect output -> judge

Correctness rests on the poll alone: ListCommands says when the command is over, and the verdict is made of every
invocation's StatusDetails. (The command's own status calls a tag without instances a success, and does not count
instances that could not be reached: https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_cdk import Duration
from aws_cdk import aws_iam as iam

from chatops_constructs.run_command.instance_search import FIRST as FIND
from chatops_constructs.run_command.instance_search import find_instances
from chatops_constructs.run_command.read_policy import RunCommandFollowPolicy
from chatops_constructs.run_command.script_output import FIRST as COLLECT
from chatops_constructs.run_command.script_output import collect_output
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
from chatops_runtime.contracts import report, script_environment

if TYPE_CHECKING:
    from aws_cdk import aws_logs as logs

    from chatops_constructs.run_command.script_document import ScriptDocument
    from chatops_constructs.run_command.targets import Ec2Targets

FIRST = "Freeze the document's version"

# Statuses that are not final. Whatever else comes up is final, and only Success is a success.
# https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html
UNFINISHED = "['Pending', 'InProgress', 'Delayed', 'Cancelling']"

# After the agent's own time limits, how long until we stop waiting for Systems Manager to say so.
MARGIN = Duration.minutes(1)

# An execution's history holds 25,000 events (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html)
# and a look at the command makes nine of them: so many looks leave half of the history to everything else.
MOST_LOOKS = 1_400
SHORTEST_PAUSE, LONGEST_PAUSE = 1, 30

READ_RETRY = reading_retry()


@dataclass(frozen=True)
class ScriptRun:
    """One document, its targets and its limits, as states.

    Attributes:
        document: What runs.
        targets: On which instances.
        timeout: How long the script may take on an instance.
        delivery_timeout: How long Systems Manager may take to hand the script to an instance.
        environment: A JSONata expression for the value of the document's environment parameter.
        output_log_group: Where the agent writes the whole output.
    """

    document: ScriptDocument
    targets: Ec2Targets
    timeout: Duration
    delivery_timeout: Duration
    environment: str
    output_log_group: logs.ILogGroup

    @property
    def longest(self) -> Duration:
        """After so long the states have come to a verdict."""
        return self.delivery_timeout.plus(self.timeout).plus(MARGIN)

    def grant(self, role: iam.Role) -> None:
        """Give `role` what the states call: this document on these targets, and to follow what it sent."""
        role.add_to_principal_policy(
            iam.PolicyStatement(
                sid="SendThisScript",
                actions=["ssm:SendCommand", "ssm:DescribeDocument"],
                resources=[self.document.arn],
            )
        )
        self.targets.grant_send(role)
        role.add_managed_policy(RunCommandFollowPolicy.of(self.document))

    def states(self) -> States:
        """All states; the first is `FIRST`, the last ones end with a result of `chatops_runtime.contracts.report`."""
        return {
            **self._freeze(),
            **self._find_instances(),
            **self._send(),
            **self._wait(),
            **self._list_invocations(),
            **self._judge(),
        }

    def _freeze(self) -> States:
        return {
            FIRST: {
                "Type": "Task",
                "Resource": integration("aws-sdk:ssm:describeDocument"),
                "Arguments": {"Name": self.document.name},
                "Assign": {"version": expr("$states.result.Document.DefaultVersion"), "managed": []},
                "Retry": READ_RETRY,
                "Next": FIND,
            }
        }

    def _find_instances(self) -> States:
        return {
            **find_instances(self.targets, then="Send the script", otherwise="Nothing to run on"),
            "Nothing to run on": {
                "Type": "Pass",
                "Output": self._result(ok="false", command_id="null", given_up="false", instances="[]"),
                "End": True,
            },
        }

    def _send(self) -> States:
        return {
            "Send the script": {
                "Type": "Task",
                "Resource": integration("aws-sdk:ssm:sendCommand"),
                "Arguments": {
                    "DocumentName": self.document.name,
                    "DocumentVersion": expr("$version"),
                    # By id, since a tag would make the command wait for instances that are known to be offline;
                    # by tag when there are more than a command takes ids.
                    "InstanceIds": expr("$count($online) <= 50 ? [$online.instance_id] : []"),
                    "Targets": expr(f"$count($online) <= 50 ? [] : {literal(self.targets.filters)}"),
                    "Parameters": {script_environment.PARAMETER: [expr(self.environment)]},
                    "TimeoutSeconds": int(self.delivery_timeout.to_seconds()),
                    "MaxConcurrency": "100%",
                    "MaxErrors": "100%",
                    "CloudWatchOutputConfig": {
                        "CloudWatchOutputEnabled": True,
                        "CloudWatchLogGroupName": self.output_log_group.log_group_name,
                    },
                    # Systems Manager has no idempotency token; by this an unanswered send is found again.
                    "Comment": expr(f"{EXECUTION}.Name"),
                },
                "Assign": {
                    "command_id": expr("$states.result.Command.CommandId"),
                    "elapsed": 0,
                    "pause": SHORTEST_PAUSE,
                },
                "TimeoutSeconds": 60,
                # Only what was refused may be sent again.
                "Retry": retry(*rejected_by("Ssm"), attempts=3),
                "Catch": [
                    {
                        "ErrorEquals": list(unanswered_by("Ssm")),
                        "Assign": {"unanswered": expr("$states.errorOutput")},
                        "Next": "Let the send become visible",
                    }
                ],
                "Next": "Wait",
            },
            "Let the send become visible": {"Type": "Wait", "Seconds": 10, "Next": "Look for the send"},
            "Look for the send": {
                "Type": "Task",
                "Resource": integration("aws-sdk:ssm:listCommands"),
                "Arguments": {
                    "Filters": [
                        {"Key": "DocumentName", "Value": self.document.name},
                        # The filter takes whole seconds only.
                        {"Key": "InvokedAfter", "Value": expr(f"$substring({EXECUTION}.StartTime, 0, 19) & 'Z'")},
                    ]
                },
                "Assign": {
                    "command_id": expr(or_empty(f"$states.result.Commands[Comment = {EXECUTION}.Name][0].CommandId")),
                    "elapsed": 0,
                    "pause": SHORTEST_PAUSE,
                },
                "Retry": READ_RETRY,
                "Next": "Was it sent?",
            },
            "Was it sent?": {
                "Type": "Choice",
                "Choices": [choice("$boolean($command_id)", then="Wait")],
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

    def _wait(self) -> States:
        deadline = int(self.longest.to_seconds())
        longest_pause = max(LONGEST_PAUSE, deadline // MOST_LOOKS)
        return {
            "Wait": {"Type": "Wait", "Seconds": expr("$pause"), "Next": "Poll"},
            "Poll": {
                "Type": "Task",
                "Resource": integration("aws-sdk:ssm:listCommands"),
                "Arguments": {"CommandId": expr("$command_id")},
                "Assign": {
                    # Empty for a moment after the send: ListCommands is eventually consistent.
                    "status": expr(
                        "$count($states.result.Commands) > 0 ? $states.result.Commands[0].Status : 'Pending'"
                    ),
                    "expected": expr(
                        "$count($states.result.Commands) > 0 ? $states.result.Commands[0].TargetCount : 0"
                    ),
                    "elapsed": expr("$elapsed + $pause"),
                    # A fifth of the time gone by: short commands report soon, long ones cheaply.
                    "pause": expr(
                        f"$min([{longest_pause}, $max([{SHORTEST_PAUSE}, $floor(($elapsed + $pause) / 5)])])"
                    ),
                    "invocations": [],
                    "looks": 0,
                    "given_up": False,
                },
                "Retry": READ_RETRY,
                "Next": "Over?",
            },
            "Over?": {
                "Type": "Choice",
                "Choices": [
                    choice(f"$not($status in {UNFINISHED})", then="List the invocations"),
                    choice(f"$elapsed > {deadline}", then="Cancel"),
                ],
                "Default": "Wait",
            },
            "Cancel": {
                "Type": "Task",
                "Resource": integration("aws-sdk:ssm:cancelCommand"),
                "Arguments": {"CommandId": expr("$command_id")},
                "Assign": {"given_up": True},
                "Retry": READ_RETRY,
                "Next": "List the invocations",
            },
        }

    def _list_invocations(self) -> States:
        page = (
            "$append($invocations, [$states.result.CommandInvocations.{"
            "'instance_id': InstanceId, 'status': $replace(StatusDetails, ' ', '')}])"
        )
        listing = {
            "Type": "Task",
            "Resource": integration("aws-sdk:ssm:listCommandInvocations"),
            "Assign": {
                "invocations": expr(page),
                "next": expr(or_empty("$states.result.NextToken")),
                "looks": expr("$looks + 1"),
            },
            "Retry": READ_RETRY,
            "Next": "All invocations listed?",
        }
        arguments = {"CommandId": expr("$command_id"), "MaxResults": 50}
        return {
            "List the invocations": {**listing, "Arguments": arguments},
            "List more invocations": {**listing, "Arguments": {**arguments, "NextToken": expr("$next")}},
            "All invocations listed?": {
                "Type": "Choice",
                "Choices": [
                    choice("$boolean($next)", then="List more invocations"),
                    # The list too is eventually consistent; the command knows how many there should be.
                    choice("$count($invocations) < $expected and $looks < 10", then="Let the list become complete"),
                ],
                "Default": COLLECT,
            },
            "Let the list become complete": {
                "Type": "Wait",
                "Seconds": 2,
                "Assign": {"invocations": []},
                "Next": "List the invocations",
            },
        }

    def _judge(self) -> States:
        return {
            **collect_output(then="Judge"),
            "Judge": {
                "Type": "Pass",
                "Output": self._result(
                    ok="$count($instances) > 0 and $count($instances[status != 'Success']) = 0 and $not($given_up)",
                    command_id="$command_id",
                    given_up="$given_up",
                    instances="$instances",
                ),
                "End": True,
            },
        }

    def _result(self, *, ok: str, command_id: str, given_up: str, instances: str) -> dict[str, Any]:
        return {
            "kind": report.RUN_COMMAND,
            "ok": expr(ok),
            "targets": self.targets.description,
            "command_id": expr(command_id),
            "timeout_seconds": int(self.timeout.to_seconds()),
            "delivery_timeout_seconds": int(self.delivery_timeout.to_seconds()),
            "log_group": self.output_log_group.log_group_name,
            "given_up": expr(given_up),
            "instances": expr(instances),
            "offline": expr("$offline"),
        }
