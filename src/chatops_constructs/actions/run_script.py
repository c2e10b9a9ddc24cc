"""A script on EC2 instances."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import Duration, Token

from chatops_constructs._problems import Problems
from chatops_constructs.actions.action import Action, ActionContext, BoundAction
from chatops_constructs.run_command.instance_policy import RunCommandInstancePolicy
from chatops_constructs.run_command.output_log import output_log_of
from chatops_constructs.run_command.script_document import ScriptDocument
from chatops_constructs.run_command.script_run import FIRST, ScriptRun
from chatops_constructs.workflow.asl import EXECUTION

if TYPE_CHECKING:
    from aws_cdk import aws_logs as logs
    from constructs import Construct

    from chatops_constructs.run_command.targets import Ec2Targets

# timeoutSeconds of aws:runShellScript, up to 172,800:
# https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-command-ssm-plugin-reference.html. Below 5 the
# agent takes its default instead, an hour (amazon-ssm-agent, agent/plugins/pluginutil).
SHORTEST_TIMEOUT = Duration.seconds(5)
LONGEST_TIMEOUT = Duration.hours(48)
# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html: TimeoutSeconds.
SHORTEST_DELIVERY = Duration.seconds(30)
LONGEST_DELIVERY = Duration.days(30)


class RunScript(Action):
    """Run a shell script on EC2 instances and report what every one of them said.

    Creates, for each command that it is added to, an SSM document with the script and nothing but the script, so that
    the command's role can run this script on these instances and no other. Once per stack it also creates a log group
    for the whole output and the `RunCommandInstancePolicy`, which the instances' roles need.

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
    ) -> None:
        """Describe what to run.

        Args:
            script: The script, up to 48,000 bytes, compressed if need be. CDK tokens in it, a bucket's name for
                instance, are filled in at deploy time; such a script cannot be compressed. Default: `script_file` is
                given.
            targets: On which instances.
            script_file: A file with the script, instead of `script`. A relative path is taken from the working
                directory. Default: `script` is given.
            timeout: How long the script may run on an instance before the agent ends it: 5 seconds to 48 hours.
                Default: 10 minutes.
            delivery_timeout: How long an instance may take to fetch the script: 30 seconds to 30 days.
                Default: 60 seconds.
            accepts_text: Whether people may type something after the command, which the script reads from
                `$CHATOPS_TEXT`. Default: False, and whatever is typed after it is refused.
            output_log_group: Where the agent writes the whole output. Default: the stack's own, kept for one month.

        Raises:
            ValueError: No script or two, an empty script, an unreadable file, or a time limit out of its range.
        """
        self._targets = targets
        self._timeout = timeout or Duration.minutes(10)
        self._delivery_timeout = delivery_timeout or Duration.seconds(60)
        self._accepts_text = accepts_text
        self._output_log_group = output_log_group
        self._script = self._read(script, script_file)

    @property
    def accepts_text(self) -> bool:
        """Whether anything may be typed after the command."""
        return self._accepts_text

    def bind(self, scope: Construct, context: ActionContext) -> BoundAction:
        """Create the document, let the role send it, and hand out the states.

        Args:
            scope: The command's own scope.
            context: The command.

        Raises:
            ValueError: The script does not fit into an SSM document.
        """
        document = ScriptDocument(
            scope,
            "Document",
            script=self._script,
            timeout=self._timeout,
            description=f"The script of {context.command}",
        )
        output_log_group = self._output_log_group or output_log_of(scope, context.encryption_key)
        RunCommandInstancePolicy.of(scope).grant_write_output(output_log_group)
        run = ScriptRun(
            document=document,
            targets=self._targets,
            timeout=self._timeout,
            delivery_timeout=self._delivery_timeout,
            environment=f"{EXECUTION}.Input.script_environment",
            output_log_group=output_log_group,
        )
        run.grant(context.role)
        return BoundAction(
            start_at=FIRST,
            states=run.states(),
            longest=run.longest,
            resources={"document": document, "output_log_group": output_log_group},
        )

    def _read(self, script: str | None, script_file: str | Path | None) -> str:
        problems = Problems("RunScript")
        problems.check(
            (script is None) != (script_file is None),
            "script and script_file",
            "missing, both of them" if script is None else "given, both of them",
            "exactly one of them",
            "give the script itself or the file that holds it",
        )
        path = Path(script_file) if script_file is not None else None
        problems.check(
            path is None or path.is_file(),
            "script_file",
            str(script_file),
            "a file",
            f"make {path.absolute() if path else ''} or name another",
        )
        self._check_seconds(problems, "timeout", self._timeout, SHORTEST_TIMEOUT, LONGEST_TIMEOUT)
        self._check_seconds(problems, "delivery_timeout", self._delivery_timeout, SHORTEST_DELIVERY, LONGEST_DELIVERY)
        problems.raise_if_any()
        text = path.read_text(encoding="utf-8") if path else script or ""
        name = "script" if path is None else f"script_file {path}"
        problems.check(
            Token.is_unresolved(text) or bool(text.strip()),
            name,
            text,
            "at least one command",
            "write what is to be run",
        )
        problems.check("\0" not in text, name, "text with NUL", "text without NUL", "take it out: no shell can read it")
        problems.raise_if_any()
        return text

    @staticmethod
    def _check_seconds(problems: Problems, name: str, value: Duration, least: Duration, most: Duration) -> None:
        seconds = value.to_seconds(integral=False)
        problems.check(
            least.to_seconds() <= seconds <= most.to_seconds() and seconds == int(seconds),
            name,
            seconds if value.is_unresolved() else value.to_human_string(),
            f"whole seconds from {least.to_human_string()} to {most.to_human_string()}",
            "choose a limit in that range",
            tokens=False,
        )
