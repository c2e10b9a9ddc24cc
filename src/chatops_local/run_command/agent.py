"""What SSM Agent does on an instance: put the parameters in, run the steps, send output to CloudWatch Logs."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from . import statuses
from .conditions import SimulatedRun
from .errors import ServiceError
from .plugin_output import text
from .plugin_run import PluginRun
from .preparation import Preparation
from .script_inputs import ScriptInputs
from .script_process import ScriptProcess, ScriptResult
from .verdict import EXIT_DOCUMENT, status_of, stderr_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .cancellation import Cancellation
    from .clock import Clock
    from .document_content import DocumentContent, Step
    from .document_parameters import ParameterValue
    from .fleet import Instance
    from .preparation import ResolveParameter

VERSION = "3.3.2746.0"
PLATFORM_TYPE = "Linux"
PLATFORM_NAME = "Amazon Linux"
PLATFORM_VERSION = "2023"

WriteLog = Callable[["Instance", str, str, str], None]
"""Writes (instance, log group, log stream, text) with the rights of the instance's role; may raise ServiceError."""

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

_log = logging.getLogger("chatops_local.run_command")


@dataclass(frozen=True)
class Order:
    """What the service hands to the agent."""

    command_id: str
    content: DocumentContent
    parameters: Mapping[str, ParameterValue] = field(repr=False)  # may be secrets
    log_group: str | None
    """Where output goes in CloudWatch Logs, if it does."""


class Agent:
    """The agent of one instance, carrying out one order."""

    def __init__(
        self,
        order: Order,
        instance: Instance,
        cancellation: Cancellation,
        *,
        region: str,
        clock: Clock,
        write_log: WriteLog | None,
    ) -> None:
        """Take the order, and where to hear that it is cancelled."""
        self._order = order
        self._instance = instance
        self._cancellation = cancellation
        self._region = region
        self._clock = clock
        self._write_log = write_log

    def run(self, resolve_parameter: ResolveParameter | None) -> Iterator[PluginRun]:
        """Run the steps, one after the other; a failed step does not keep the next one from running.

        Raises:
            InterpolationError: The parameters cannot be put in. Nothing has run.
        """
        preparation = Preparation(self._order.content, self._order.parameters, self._instance, resolve_parameter)
        environment = {**self._environment(), **preparation.environment()}
        skip = False
        for step, inputs in preparation.steps():
            run = self._skip(step) if skip or not _is_for_us(step) else self._run_step(step, inputs, environment)
            self._upload(run)
            skip = skip or run.response_code in EXIT_DOCUMENT
            yield run

    def _skip(self, step: Step) -> PluginRun:
        now = self._clock.now()
        why = "an earlier step ended the document" if _is_for_us(step) else f"it is for platform {step.platform_type}"
        return PluginRun(step.name, statuses.SUCCESS, 0, now, now, stdout=f"Step {step.name} skipped: {why}".encode())

    def _run_step(self, step: Step, inputs: Mapping[str, object], environment: Mapping[str, str]) -> PluginRun:
        started = self._clock.now()
        if self._cancellation.requested:
            return PluginRun(step.name, statuses.CANCELLED, 1, started, started)
        try:
            script_inputs = ScriptInputs.read(inputs)
        except ValueError as error:
            return PluginRun(step.name, statuses.FAILED, 1, started, started, stderr=str(error).encode())
        result = self._run_script(step.name, script_inputs, environment)
        return PluginRun(
            name=step.name,
            status=status_of(result),
            response_code=result.exit_code,
            started=started,
            finished=self._clock.now(),
            stdout=result.stdout,
            stderr=stderr_of(result),
        )

    def _run_script(self, step_name: str, inputs: ScriptInputs, environment: Mapping[str, str]) -> ScriptResult:
        simulated = self._instance.conditions.script
        if simulated is not None:
            run = SimulatedRun(simulated, self._clock)
            self._cancellation.watch(run)
            return run.wait(self._clock.deadline(inputs.timeout_seconds))
        script = self._instance.directory / ".ssm" / self._order.command_id / step_name / "_script.sh"
        try:
            script.parent.mkdir(parents=True, exist_ok=True)
            script.write_bytes(inputs.script.encode())
            # The interpreter is named instead of executing the file: a file that some other thread's child process
            # still has open for writing cannot be executed ("Text file busy").
            process = ScriptProcess(
                self._instance.process_groups,
                ["sh", "-c", 'exec "$0" "$@"', *inputs.interpreter, str(script)],
                directory=inputs.working_directory or self._instance.directory,
                environment=environment,
            )
        except (OSError, ValueError) as error:  # ValueError: NUL in a variable, or half a surrogate pair in the script
            return ScriptResult(1, b"", b"", failure=str(error))
        self._cancellation.watch(process)
        return process.wait(self._clock.deadline(inputs.timeout_seconds))

    def _environment(self) -> dict[str, str]:
        """Nothing of our own environment, which may hold credentials. AWS_SSM_… and SSM_COMMAND_ID are the agent's."""
        instance = self._instance
        return {
            "PATH": _PATH,
            "HOME": str(instance.directory),
            "TMPDIR": str(instance.temporary_directory),
            "LANG": "C.UTF-8",
            "HOSTNAME": instance.name,
            "INSTANCE_ID": instance.instance_id,
            "AWS_SSM_INSTANCE_ID": instance.instance_id,
            "AWS_SSM_REGION_NAME": self._region,
            "AWS_SSM_PLATFORM_NAME": PLATFORM_NAME,
            "AWS_SSM_PLATFORM_VERSION": PLATFORM_VERSION,
            "SSM_COMMAND_ID": self._order.command_id,
        }

    def _upload(self, run: PluginRun) -> None:
        """Send the output to CloudWatch Logs. If that fails, AWS says nothing; we say it in our own log."""
        log_group = self._order.log_group
        if log_group is None or self._write_log is None:
            return
        # The step's name, without what a stream's name cannot hold (amazon-ssm-agent: runpluginutil).
        plugin = run.name.replace(":", "-").replace("*", "-")
        for kind, output in (("stdout", run.stdout), ("stderr", run.stderr)):
            stream = f"{self._order.command_id}/{self._instance.instance_id}/{plugin}/{kind}"
            try:
                if output:
                    self._write_log(self._instance, log_group, stream, text(output))
            except ServiceError as error:
                _log.warning("no CloudWatch output of %s in %s: %s", stream, log_group, error)


def _is_for_us(step: Step) -> bool:
    return step.platform_type is None or step.platform_type.lower() == PLATFORM_TYPE.lower()
