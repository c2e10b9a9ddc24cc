"""A script on EC2 instances."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_logs as logs

from chatops_constructs._durations import in_seconds
from chatops_constructs._problems import Problems, check, is_token
from chatops_constructs.accounts.remote_calls import RemoteCalls
from chatops_constructs.accounts.script_elsewhere import ScriptElsewhere
from chatops_constructs.accounts.target_account import check_role, output_log_name
from chatops_constructs.actions.action import Action, ActionContext, BoundAction
from chatops_constructs.run_command.completion_signal import CompletionSignal
from chatops_constructs.run_command.instance_policy import RunCommandInstancePolicy
from chatops_constructs.run_command.output_log import output_log_of
from chatops_constructs.run_command.script_document import ScriptDocument
from chatops_constructs.run_command.script_freeze import freeze_script
from chatops_constructs.run_command.script_run import ScriptRun
from chatops_constructs.run_command.script_source import check_script, check_times, read_script
from chatops_constructs.run_command.targets import TAGGED

if TYPE_CHECKING:
    from pathlib import Path

    from aws_cdk import aws_iam as iam
    from constructs import Construct

    from chatops_constructs.accounts.target_account import TargetAccount
    from chatops_constructs.run_command.targets import Ec2Targets

DEFAULT_TIMEOUT = Duration.minutes(10)
DEFAULT_DELIVERY = Duration.seconds(60)


class RunScript(Action):
    """Run a shell script on EC2 instances and report what every one of them said.

    Creates, for each command that it is added to, an SSM document with the script and nothing but the script, so that
    the command's role can run this script on these instances and no other. Once per stack it also creates a log group
    for the whole output, the `RunCommandInstancePolicy`, which the instances' roles need, and, unless it is switched
    off, what tells the state machine that the script is over: a rule and an Express state machine.

    The script runs as root under `sh`, or under what its first line names with `#!`, in the agent's working directory.
    It finds these environment variables: `CHATOPS_COMMAND`, `CHATOPS_TEXT` (what was typed after the command),
    `CHATOPS_USER_ID`, `CHATOPS_USER_NAME`, `CHATOPS_CHANNEL_ID`, `CHATOPS_CHANNEL_NAME` and `CHATOPS_REQUEST_ID`. What
    people type reaches the script in these only; write `"$CHATOPS_TEXT"` with its quotes and it stays data.

    Systems Manager delivers a command at least zero and at most one times for every send: a script may be run in part
    when an instance dies, never twice for one command typed.

    Example:
        from chatops_constructs import Allow, Ec2Targets, RunScript

        slack.add_command(
            "/ps",
            RunScript("ps aux --sort=-%cpu | head -20", targets=Ec2Targets.by_tag("Role", "web")),
            description="top processes",
            allow=Allow.workspace(),
        )
    """

    def __init__(
        self,
        script: str | None = None,
        *,
        targets: Ec2Targets,
        script_file: str | Path | None = None,
        timeout: Duration | None = None,
        delivery_timeout: Duration | None = None,
        accepts_text: bool = False,
        output_log_group: logs.ILogGroup | None = None,
        expected_duration: Duration | None = None,
        completion_signal: bool = True,
        account: TargetAccount | None = None,
    ) -> None:
        """Describe what to run.

        Args:
            script: The script, up to 48,000 bytes, compressed if need be. CDK tokens in it, a bucket's name for
                instance, are filled in at deploy time; such a script cannot be compressed. Default: `script_file` is
                given.
            targets: On which instances: all of them, or those that the user picks, `targets.pick()`.
            script_file: A file with the script, instead of `script`. A relative path is taken from the working
                directory. Default: `script` is given.
            timeout: How long the script may run on an instance before the agent ends it: 5 seconds to 48 hours.
                Default: 10 minutes.
            delivery_timeout: How long an instance may take to fetch the script: 30 seconds to 30 days.
                Default: 60 seconds.
            accepts_text: Whether people may type something after the command, which the script reads from
                `$CHATOPS_TEXT`. Default: False, and whatever is typed after it is refused.
            output_log_group: Where the agent writes the whole output. Default: the stack's own, kept for one month.
            expected_duration: How long the script usually runs: 1 second up to its timeout. It is looked after then
                first, which saves money with scripts of minutes and hours. Default: not known, and it is looked after
                ever more seldom, at least once a minute.
            completion_signal: Whether an event of Systems Manager tells that the script is over, within a second or
                two. Without it, or when the event gets lost, the end is noticed after at most a quarter of the
                script's own time, and at most a minute. Default: True; there is none from another account.
            account: Another account, or another region, in which the targets are, with the role that a
                `TargetAccountRole` has made there. The document and the log group for the output are there then, and a
                function of each command makes its calls there. Default: the endpoint's own.

        Raises:
            ValueError: No script or two, an empty script, an unreadable file, a time limit out of its range, or with
                `account` a script that is known at deploy time only, or an `output_log_group`.
        """
        self._targets = targets
        self._timeout = timeout or DEFAULT_TIMEOUT
        self._delivery_timeout = delivery_timeout or DEFAULT_DELIVERY
        self._accepts_text = accepts_text
        self._output_log_group = output_log_group
        self._expected_duration = expected_duration
        self._completion_signal = completion_signal
        self._account = account
        problems = Problems("RunScript")
        check_script(problems, script, script_file)
        check_times(
            problems,
            timeout=self._timeout,
            delivery_timeout=self._delivery_timeout,
            expected_duration=expected_duration,
        )
        problems.check(
            account is None or output_log_group is None,
            "output_log_group",
            output_log_group,
            "none beside account: the log group is the one of the TargetAccountRole",
            "leave it out",
        )
        problems.raise_if_any()
        self._script = read_script("RunScript", script, script_file)
        check(
            account is None or not is_token(self._script),
            "RunScript",
            "script",
            "a script with values that are known at deploy time only",
            "plain text beside account: its hash is part of the document's name there",
            "write the values into it, or let the script look them up",
        )

    @property
    def accepts_text(self) -> bool:
        """Whether anything may be typed after the command."""
        return self._accepts_text

    @property
    def asks(self) -> bool:
        """Whether the user picks the instances."""
        return self._targets.most_picked is not None

    def bind(self, scope: Construct, context: ActionContext) -> BoundAction:
        """Create the document, let the role send it, and hand out the states.

        Args:
            scope: The command's own scope.
            context: The command.

        Raises:
            ValueError: The script does not fit into an SSM document.
        """
        if self._account is not None:
            return self._bind_elsewhere(scope, context, self._account)
        document = ScriptDocument(
            scope,
            "Document",
            script=self._script,
            timeout=self._timeout,
            description=f"The script of {context.command}",
        )
        output_log_group = self._output_log_group or output_log_of(scope, context.encryption_key)
        RunCommandInstancePolicy.of(scope).grant_write_output(output_log_group)
        if self._completion_signal:
            CompletionSignal.of(scope, encryption_key=context.encryption_key)
        run = self._run(document, output_log_group, context)
        run.grant(context.role, document.arn)
        return BoundAction(
            start_at=run.first,
            states=run.states(),
            longest=run.longest,
            resources={"document": document, "output_log_group": output_log_group},
            freeze=freeze_script(run, asking=context.asking) if run.frozen else None,
            cancellable=True,
            documents=(document.physical_name,),
        )

    def allow_elsewhere(
        self, scope: Construct, id: str, *, role_name: str, role: iam.Role, output_log_group: logs.ILogGroup
    ) -> ScriptDocument:
        """Create the document in another account; use `TargetAccountRole.allow_script` instead.

        Args:
            scope: The parent.
            id: The id in `scope`.
            role_name: The name of the role, in plain.
            role: May run the script on the targets from now on.
            output_log_group: Where the agents write the whole output.

        Raises:
            ValueError: The script does not fit into an SSM document, or is for no other account, or another role.
        """
        elsewhere = self._elsewhere(role_name)
        document = ScriptDocument(
            scope,
            id,
            script=self._script,
            timeout=self._timeout,
            description="A script for commands of another account",
            name=elsewhere.name,
        )
        RunCommandInstancePolicy.of(scope).grant_write_output(output_log_group)
        self._run(document, output_log_group).grant(role, document.arn, targets_id=f"{TAGGED}For{id}")
        return document

    def _bind_elsewhere(self, scope: Construct, context: ActionContext, account: TargetAccount) -> BoundAction:
        calls = RemoteCalls(scope, "RemoteCalls", account=account, encryption_key=context.encryption_key)
        calls.grant(context.role)
        document = self._elsewhere(account.role_name)
        output = logs.LogGroup.from_log_group_name(scope, "Output", output_log_name(account.role_name))
        run = self._run(document, output, context)
        freeze = freeze_script(run, asking=context.asking) if run.frozen else None
        return BoundAction(
            start_at=run.first,
            states=calls.states(run.states()),
            longest=run.longest,
            resources={"remote_calls": calls},
            freeze=dataclasses.replace(freeze, states=calls.states(freeze.states)) if freeze else None,
            cancellable=True,
            documents=(document.name,),
            remote_calls=calls.name,
        )

    def _elsewhere(self, role_name: str) -> ScriptElsewhere:
        check_role("RunScript", self._account, role_name)
        return ScriptElsewhere.of(role_name, self._script, int(in_seconds(self._timeout)))

    def _run(
        self,
        document: ScriptDocument | ScriptElsewhere,
        output_log_group: logs.ILogGroup,
        context: ActionContext | None = None,
    ) -> ScriptRun:
        """The run; without a context, one that is only to be granted."""
        return ScriptRun(
            document=document,
            targets=self._targets,
            timeout=self._timeout,
            delivery_timeout=self._delivery_timeout,
            environment=f"{context.request}.script_environment" if context else "",
            output_log_group=output_log_group,
            expected_duration=self._expected_duration,
            with_signal=self._completion_signal and self._account is None,
            frozen=context is not None and (context.freezes or self.asks),
        )
