"""The states that run one script document on its targets and come to a verdict.

    freeze -> find the instances -> send -> wait for the end -> list every invocation -> collect output -> judge

Correctness rests on looking alone: ListCommands says when the command is over, and the verdict is made of every
invocation's StatusDetails. (The command's own status calls a tag without instances a success, and does not count
instances that could not be reached: https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html.)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_iam as iam

from chatops_constructs._asked_once import name_of
from chatops_constructs._durations import in_seconds, of_seconds
from chatops_constructs.run_command import fail_over, instance_search, invocation_list
from chatops_constructs.run_command.command_race import RACE, race, unlisted
from chatops_constructs.run_command.command_send import GONE, SEND, UNANSWERED, CommandSend
from chatops_constructs.run_command.command_watch import WAIT, watch
from chatops_constructs.run_command.looks import Looks
from chatops_constructs.run_command.read_policy import RunCommandFollowPolicy
from chatops_constructs.run_command.run_on import RunOn
from chatops_constructs.run_command.script_output import OUTPUT_OF_ALL, OutputCollection
from chatops_constructs.run_command.success_if import SuccessIf
from chatops_constructs.run_command.targets import TAGGED
from chatops_constructs.workflow.asl import States, choice, expr, integration, reading_retry
from chatops_constructs.workflow.declined import changed
from chatops_runtime.contracts import report

if TYPE_CHECKING:
    from aws_cdk import Duration
    from aws_cdk import aws_logs as logs

    from chatops_constructs.accounts.script_elsewhere import ScriptElsewhere
    from chatops_constructs.run_command.script_document import ScriptDocument
    from chatops_constructs.run_command.targets import Ec2Targets

FIRST = "Freeze the document's version"
TAKE_THE_FROZEN = "Take what was frozen"

# After the agent's own time limits, how many seconds until we stop waiting for Systems Manager to say so.
MARGIN = 60

# With fail-over an instance that does not take the script in time is cancelled by us, which has to happen before
# Systems Manager gives up by itself: that could as well mean that the script had begun.
BEFORE_SYSTEMS_MANAGER = 30


@dataclass(frozen=True)
class ScriptRun:
    """One document, its targets and its limits, as states.

    Attributes:
        document: What runs.
        targets: On which instances.
        timeout: How long the script may take on an instance.
        delivery_timeout: How long an instance may take to fetch the script.
        environment: A JSONata expression for the value of the document's environment parameter.
        output_log_group: Where the agent writes the whole output.
        run_on: On all of the targets or on one of them.
        min_targets: How many instances have to be online; with fewer nothing runs.
        success_if: On how many the script has to succeed.
        max_concurrency: On how many it runs at the same time, as SendCommand takes it.
        max_errors: After how many failures it is not begun on further ones, as SendCommand takes it.
        expected_duration: How long it usually takes, if that is known.
        with_signal: Whether a `CompletionSignal` tells of the end.
        output: What is collected of the output.
        frozen: Whether version and instances were settled before, so that the states find them in `$frozen` as
            `script_freeze` leaves them there.
    """

    document: ScriptDocument | ScriptElsewhere
    targets: Ec2Targets
    timeout: Duration
    delivery_timeout: Duration
    environment: str
    output_log_group: logs.ILogGroup
    run_on: RunOn = RunOn.ALL
    min_targets: int = 1
    success_if: SuccessIf = field(default_factory=SuccessIf.all)
    max_concurrency: str = "100%"
    max_errors: str = "100%"
    expected_duration: Duration | None = None
    with_signal: bool = True
    output: OutputCollection = OUTPUT_OF_ALL
    frozen: bool = False

    @property
    def longest(self) -> Duration:
        """After so long the states have come to a verdict."""
        not_delivered = self._delivery_seconds + MARGIN
        others = fail_over.MOST_ATTEMPTS - 1 if self._fails_over else 0
        return of_seconds(not_delivered + self._timeout_seconds + others * not_delivered)

    def grant(self, role: iam.Role, document_arn: str, *, targets_id: str = TAGGED) -> None:
        """Give `role` what the states call: this document on these targets, and to follow what it sent.

        Args:
            role: The role.
            document_arn: The document's ARN.
            targets_id: The id of the policy that names the targets, for a role that has several of them.
        """
        role.add_to_policy(
            iam.PolicyStatement(
                sid="SendThisScript",
                actions=["ssm:SendCommand", "ssm:DescribeDocument"],
                resources=[document_arn],
            )
        )
        self.targets.grant_send(role, id=targets_id)
        role.add_managed_policy(RunCommandFollowPolicy.of(role))

    def states(self) -> States:
        """All states; the first is `first`, the last ones end with a result of `chatops_runtime.contracts.report`."""
        send = RACE if self.with_signal else SEND
        collect = self.output.first
        return {
            **(self._take_the_frozen(then=send) if self.frozen else self._find(then=send)),
            **self._send(),
            **watch(
                self._looks.once_over() if self.with_signal else self._looks,
                run_on=self.run_on,
                unlisted=unlisted() if self.with_signal else [],
                then=invocation_list.FIRST,
            ),
            **invocation_list.list_invocations(then=fail_over.FIRST if self._fails_over else collect),
            **(fail_over.fail_over(send=send, delivered=collect) if self._fails_over else self._send_by_tag(send)),
            **self.output.states(then="Judge"),
            "Judge": self._judge(),
        }

    @property
    def first(self) -> str:
        """The first of the states."""
        return TAKE_THE_FROZEN if self.frozen else FIRST

    def too_few(self) -> dict[str, Any]:
        """The last state when too few instances are online."""
        return self._end(command_id="null", command_status="''", given_up="false", instances="[]", ran="0")

    @property
    def _fails_over(self) -> bool:
        return self.run_on is RunOn.ANY_ONE

    @property
    def _timeout_seconds(self) -> int:
        return int(in_seconds(self.timeout))

    @property
    def _delivery_seconds(self) -> int:
        return int(in_seconds(self.delivery_timeout))

    @property
    def _looks(self) -> Looks:
        return Looks(
            deadline=self._delivery_seconds + self._timeout_seconds + MARGIN,
            expected=int(in_seconds(self.expected_duration)) if self.expected_duration else 0,
            with_signal=self.with_signal,
            delivery=self._delivery_seconds if self._fails_over else 0,
        )

    def _find(self, *, then: str) -> States:
        attempts: dict[str, Any] = {"attempt": 0, "tried": []} if self._fails_over else {}
        return {
            FIRST: {
                "Type": "Task",
                "Resource": integration("aws-sdk:ssm:describeDocument"),
                "Arguments": {"Name": self.document.name},
                "Assign": {"version": expr("$states.result.Document.DefaultVersion"), "managed": [], **attempts},
                "Retry": reading_retry(),
                "Next": instance_search.FIRST,
            },
            **instance_search.find_instances(
                self.targets, at_least=self.min_targets, then=then, otherwise="Too few to run on"
            ),
            "Too few to run on": self.too_few(),
        }

    def _take_the_frozen(self, *, then: str) -> States:
        return {
            TAKE_THE_FROZEN: {
                "Type": "Pass",
                "Assign": {name: expr(f"$frozen.{name}") for name in ("version", "hash", "by_tag")}
                | {name: expr(f"[$frozen.{name}]") for name in ("online", "offline")},
                "Next": then,
            }
        }

    def _send(self) -> States:
        delivery = self._delivery_seconds
        send = CommandSend(
            document=self.document,
            targets=self.targets,
            run_on=self.run_on,
            environment=self.environment,
            delivery_seconds=delivery + BEFORE_SYSTEMS_MANAGER if self._fails_over else delivery,
            max_concurrency=self.max_concurrency,
            max_errors=self.max_errors,
            log_group_name=name_of(self.output_log_group),
            with_hash=self.frozen,
        )
        if self.with_signal:
            return race(send, self._looks, gone=self._gone)
        begin_to_watch = {"elapsed": 0, "pause": self._looks.first_pause}
        return {
            **send.states(
                sent={
                    "Resource": integration("aws-sdk:ssm:sendCommand"),
                    "Assign": {"command_id": expr("$states.result.Command.CommandId"), **begin_to_watch},
                    "TimeoutSeconds": 60,
                    "Next": WAIT,
                    "Catch": [self._gone] if self._gone else [],
                },
                unanswered=(*UNANSWERED, "States.Timeout"),
                found=begin_to_watch,
                then="Go on with what was found",
            ),
            "Go on with what was found": {"Type": "Pass", "Assign": {"command_id": expr("$found_id")}, "Next": WAIT},
        }

    @property
    def _gone(self) -> dict[str, Any] | None:
        """The Catch for an instance that was terminated since it was found, if there is another way to go."""
        if self.frozen:
            return {"ErrorEquals": [GONE], "Next": "An instance is gone"}
        if self._fails_over:
            return {"ErrorEquals": [GONE], "Next": fail_over.GONE}
        if self.targets.by_tags:
            return {
                "ErrorEquals": [GONE],
                "Assign": {"gone": expr("$states.errorOutput")},
                "Next": "Is it by tag already?",
            }
        return None

    def _send_by_tag(self, send: str) -> States:
        """One instance that is gone makes a send by id fail for all of them; a send by tag leaves it out.

        It would also reach instances that nobody was shown, so what is frozen is not sent so.
        """
        if self.frozen:
            return {"An instance is gone": changed("one of the instances that were shown is gone")}
        if not self.targets.by_tags:
            return {}
        return {
            "Is it by tag already?": {
                "Type": "Choice",
                "Choices": [choice("$by_tag", then="Not sent")],
                "Default": "Send by tag",
            },
            "Send by tag": {"Type": "Pass", "Assign": {"by_tag": True}, "Next": send},
            "Not sent": {"Type": "Fail", "Error": expr("$gone.Error"), "Cause": expr("$string($gone.Cause)")},
        }

    def _judge(self) -> dict[str, Any]:
        if self._fails_over:
            # One after the other, so that the number of those that were online is what had to be there.
            return self._end(
                command_id="$command_id != '' ? $command_id : null",
                command_status="$command_status",
                given_up="$given_up",
                instances="$append($tried, $instances)",
                ran="$count($online)",
            )
        return self._end(
            command_id="$command_id",
            command_status="$command_status",
            given_up="$given_up",
            instances="$instances",
            # The command knows of how many there should be, should some be missing in the list.
            ran="$max([$count($instances), $expected])",
        )

    def _end(self, *, command_id: str, command_status: str, given_up: str, instances: str, ran: str) -> dict[str, Any]:
        """A last state: what the script succeeded on is held against what it ran on, or should have."""
        succeeded = f"$count({instances}[status = 'Success'])"
        needed = "1" if self._fails_over else f"($ran := {ran}; {self.success_if.needed})"
        return {
            "Type": "Pass",
            "Output": {
                "kind": report.RUN_COMMAND,
                # What had to be cancelled may still be running somewhere, whatever the others say.
                "ok": expr(f"{ran} >= {self.min_targets} and {succeeded} >= {needed} and $not({given_up})"),
                "targets": self.targets.description,
                "run_on": self.run_on.value,
                "success_if": self.success_if.description,
                "min_targets": self.min_targets,
                "succeeded": expr(succeeded),
                "command_id": expr(command_id),
                "command_status": expr(command_status),
                "timeout_seconds": self._timeout_seconds,
                "delivery_timeout_seconds": self._delivery_seconds,
                "log_group": name_of(self.output_log_group),
                "given_up": expr(given_up),
                "instances": expr(instances),
                "online": expr("$count($online)"),
                "offline": expr("$offline"),
            },
            "End": True,
        }
