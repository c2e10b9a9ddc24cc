"""The controller's calls about what is wrong with instances and with events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_local.run_command import Delivery, EventDelivery, SimulatedScript

if TYPE_CHECKING:
    from chatops_local.ministack.emulator import Emulator
    from chatops_local.run_command import RunCommand


def apply(emulator: Emulator, service: RunCommand) -> None:
    """Let the controller make instances and events misbehave."""
    calls = ConditionCalls(service)
    emulator.calls.update(
        command_events=calls.command_events,
        set_delivery=calls.set_delivery,
        kill_agent=service.kill_agent,
        stop_instance=service.stop_instance,
        slow=calls.slow,
        script_takes=calls.script_takes,
        scripts_run=calls.scripts_run,
    )


@dataclass(frozen=True)
class ConditionCalls:
    """What the controller can do.

    Args:
        service: the Run Command that it does it to.
    """

    service: RunCommand

    def command_events(self, shortest_delay: float, longest_delay: float, lose: bool, copies: int, seed: int) -> None:
        """How events arrive from now on."""
        self.service.deliver_events(EventDelivery(shortest_delay, longest_delay, lose, copies, seed))

    def set_delivery(self, instance_id: str, delivery: str) -> None:
        """Whether commands reach the instance: a value of ``Delivery``."""
        self.service.set_conditions(instance_id, delivery=Delivery(delivery))

    def slow(self, instance_id: str, pickup_seconds: float, report_seconds: float) -> None:
        """How long the instance's agent takes."""
        self.service.set_conditions(instance_id, pickup_seconds=pickup_seconds, report_seconds=report_seconds)

    def script_takes(self, instance_id: str, seconds: float, exit_code: int, stdout: str, stderr: str) -> None:
        """Simulate scripts on the instance."""
        self.service.set_conditions(instance_id, script=SimulatedScript(seconds, exit_code, stdout, stderr))

    def scripts_run(self, instance_id: str) -> None:
        """Run scripts on the instance again."""
        self.service.set_conditions(instance_id, script=None)
