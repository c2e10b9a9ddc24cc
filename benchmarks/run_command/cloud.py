"""A local cloud with a job's stacks and an instance for each of its runs."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from benchmarks.run_command import stacks
from benchmarks.run_command.designs import PRIOR
from benchmarks.run_command.jobs import PICKUP_SECONDS
from chatops_local.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import TracebackType

    from benchmarks.run_command.designs import Configuration
    from benchmarks.run_command.jobs import Job
    from chatops_local.server import DeployedStack

MACHINE = "AWS::StepFunctions::StateMachine"

_LOOK_SECONDS = 0.2
# Longer than any run here takes.
_PATIENCE_SECONDS = 600.0


@dataclass(frozen=True)
class Started:
    """A run that is under way.

    Attributes:
        configuration: Of ours, or None for the prior design.
        number: Which of the job's runs it is.
        task: The construct's id.
        stack: The stack that it is in.
        machine: The ARN of its state machine, of which it is the only execution.
        instance: Where the script runs.
    """

    configuration: Configuration | None
    number: int
    task: str
    stack: DeployedStack
    machine: str
    instance: str

    @property
    def design(self) -> str:
        """Its name."""
        return self.configuration.name if self.configuration else PRIOR


class Cloud:
    """Starts the runs of a job, and waits for them.

    Attributes:
        job: The job.
        server: The local cloud.
    """

    def __init__(self, job: Job) -> None:
        """Synthesise and deploy the job's stacks."""
        sys.stderr.write(f"{job.name}: one second of AWS takes {job.time_scale:g} s\n")
        self.job = job
        with TemporaryDirectory(prefix="chatops-benchmark-") as assembly:
            stacks.synthesise(job, Path(assembly))
            self.server = Server.start(time_scale=job.time_scale)
            self._prior, self._ours, self._lost = (
                self.server.deploy(Path(assembly), name) for name in (stacks.PRIOR, stacks.OURS, stacks.LOST)
            )
        self._instances = [self._instance(number, length) for number, length in enumerate(job.lengths)]
        # An event that nothing is told of is lost.
        for rule in self._lost.resources("AWS::Events::Rule"):
            self.server.client("events").disable_rule(Name=rule.rpartition("/")[2])

    def __enter__(self) -> Cloud:
        """Return the cloud."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        self.server.stop()

    def start_prior(self, number: int) -> Started:
        """Start a run of the prior design, as its rule's schedule would."""
        task = stacks.prior_id(number)
        machine = resource(self._prior, MACHINE, f"{task}Machine")
        self.server.client("stepfunctions").start_execution(stateMachineArn=machine)
        return Started(None, number, task, self._prior, machine, self._instances[number])

    def start_ours(self, configuration: Configuration, number: int) -> Started:
        """Let the schedule of a run fire."""
        stack = self._lost if configuration.lost else self._ours
        task = stacks.task_id(configuration, number)
        name = resource(stack, "AWS::Scheduler::Schedule", task)
        (schedule,) = [one for one in self.server.scheduler.schedules() if one.name == name]
        self.server.scheduler.fire(schedule.arn, time.time())
        machine = resource(stack, MACHINE, f"{task}Machine")
        return Started(configuration, number, task, stack, machine, self._instances[number])

    def wait(self, started: Sequence[Started]) -> None:
        """Wait until every one of these is over."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while under_way := [one for one in started if not self._is_over(one)]:
            if time.monotonic() > deadline:
                raise TimeoutError(
                    f"not over after {_PATIENCE_SECONDS:g} s: {', '.join(one.task for one in under_way)}"
                )
            time.sleep(_LOOK_SECONDS)
        if refusals := self.server.refusals():
            raise RuntimeError(f"{self.job.name}: something was not allowed or not reached: {refusals}")

    def _is_over(self, started: Started) -> bool:
        executions = self.server.executions(started.machine)
        return bool(executions) and all(one.status != "RUNNING" for one in executions)

    def _instance(self, number: int, length: float) -> str:
        instance = self.server.add_instance(f"host-{number}", {stacks.TAG: stacks.run_tag(number)})
        self.server.script_takes(instance, length)
        self.server.slow(instance, pickup=PICKUP_SECONDS)
        return instance


def resource(stack: DeployedStack, resource_type: str, prefix: str) -> str:
    """The physical id of the one resource of a type whose logical id begins like that."""
    definitions: dict[str, Any] = stack.template["Resources"]
    (found,) = _beginning(definitions.items(), resource_type, prefix)
    return stack.resource(found)


def _beginning(definitions: Iterable[tuple[str, dict[str, Any]]], resource_type: str, prefix: str) -> list[str]:
    return [id for id, definition in definitions if definition["Type"] == resource_type and id.startswith(prefix)]
