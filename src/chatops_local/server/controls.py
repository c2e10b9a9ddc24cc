"""What a test does to the local cloud: instances that come, go and fail, calls and events that go wrong."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from chatops_local.run_command import Delivery
from chatops_local.server.observations import ManagedInstance

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chatops_local.server.emulator_process import EmulatorProcess


class Controls:
    """The part of :class:`chatops_local.server.Server` that AWS has no API for."""

    _process: EmulatorProcess
    clock_shift: float = 0.0
    """By how many seconds the clocks of functions and state machines are ahead of this machine's."""

    def add_instance(
        self,
        name: str,
        tags: Mapping[str, str] | None = None,
        *,
        online: bool = True,
        role_arn: str | None = None,
        instance_id: str | None = None,
    ) -> str:
        """Add a managed instance: a directory in which scripts run, with tags to find it by.

        Args:
            name: its host name.
            tags: its tags; ``Name`` is the host name unless it is given.
            online: whether its agent is connected. With a role it also takes what an agent may not do without.
            role_arn: the role of its instance profile. Default: none; the instance can be sent commands, but reads no
                parameters and writes no logs.
            instance_id: its id. Default: a new one.

        Returns:
            The instance id.
        """
        added: str = self._process.call(
            "add_instance",
            name=name,
            tags=dict(tags or {}),
            online=online,
            role_arn=role_arn,
            instance_id=instance_id,
        )
        return added

    def set_online(self, instance_id: str, online: bool) -> None:
        """Connect an instance's agent, or cut it off."""
        self._process.call("set_online", instance_id=instance_id, online=online)

    def stop_instance(self, instance_id: str) -> None:
        """Stop an instance: what runs on it ends, its agent reports nothing. `set_online` starts it again."""
        self._process.call("stop_instance", instance_id=instance_id)

    def terminate_instance(self, instance_id: str) -> None:
        """Terminate an instance: what runs on it ends, and Systems Manager does not know it any more."""
        self._process.call("terminate_instance", instance_id=instance_id)

    def kill_agent(self, instance_id: str) -> None:
        """End an instance's agent, and the script that it runs: nobody ever reports how that went.

        Systems Manager gives up when the command expires: ``DeliveryTimedOut``. ``set_online`` starts the agent again.
        """
        self._process.call("kill_agent", instance_id=instance_id)

    def fail_delivery(self, instance_id: str, *, never_picked_up: bool = False) -> None:
        """Let commands not reach an instance that is online.

        Args:
            instance_id: which.
            never_picked_up: the command waits until it expires and ends as ``DeliveryTimedOut``.
                Default: it ends at once as ``Undeliverable``.
        """
        self._deliver(instance_id, Delivery.NEVER_PICKED_UP if never_picked_up else Delivery.UNDELIVERABLE)

    def restore_delivery(self, instance_id: str) -> None:
        """Let commands reach an instance again."""
        self._deliver(instance_id, Delivery.WORKS)

    def slow(self, instance_id: str, *, pickup: float = 0.0, report: float = 0.0) -> None:
        """Let an instance's agent be slow; without seconds it is as quick as before.

        Args:
            instance_id: which.
            pickup: seconds of AWS's time until it fetches a command.
            report: seconds of AWS's time until it reports that a command is over.
        """
        self._process.call("slow", instance_id=instance_id, pickup_seconds=pickup, report_seconds=report)

    def script_takes(
        self, instance_id: str, seconds: float, exit_code: int = 0, stdout: str = "", stderr: str = ""
    ) -> None:
        """Simulate every script on an instance instead of running it, so that a day passes in seconds.

        The time limits of the command apply. :meth:`scripts_run` ends it.

        Args:
            instance_id: which.
            seconds: how long a script takes, in AWS's time.
            exit_code: how it exits.
            stdout: what it writes.
            stderr: what it writes to its standard error.
        """
        self._process.call(
            "script_takes",
            instance_id=instance_id,
            seconds=seconds,
            exit_code=exit_code,
            stdout=stdout,
            stderr=stderr,
        )

    def scripts_run(self, instance_id: str) -> None:
        """Run scripts on an instance again."""
        self._process.call("scripts_run", instance_id=instance_id)

    def command_events(
        self, delay: float | tuple[float, float] = 0.0, *, lose: bool = False, copies: int = 1, seed: int = 0
    ) -> None:
        """How Run Command's events reach EventBridge from now on; without arguments at once, in order.

        Args:
            delay: seconds of AWS's time until an event arrives, or the shortest and the longest such time, of which one
                is drawn for each copy.
            lose: no event arrives.
            copies: how often each event arrives.
            seed: the same seed draws the same delays.
        """
        shortest, longest = delay if isinstance(delay, tuple) else (delay, delay)
        self._process.call(
            "command_events", shortest_delay=shortest, longest_delay=longest, lose=lose, copies=copies, seed=seed
        )

    def instances(self) -> list[ManagedInstance]:
        """All instances, in the order in which they were added."""
        return [ManagedInstance(**instance) for instance in self._process.call("instances")]

    @contextmanager
    def hold(self, action: str) -> Iterator[None]:
        """Keep calls of a Run Command action, such as ``ListCommands``, waiting until the block ends.

        With it a test changes something while a state machine is exactly there.
        """
        self._process.call("hold", action=action)
        try:
            yield
        finally:
            self._process.call("release", action=action)

    def wait_until_held(self, action: str, seconds: float = 10.0) -> None:
        """Wait until a call of a held action has come.

        Raises:
            EmulatorError: if none comes in time.
        """
        self._process.call("wait_until_held", action=action, seconds=seconds)

    def lose_answer(self, action: str) -> None:
        """Carry out the next call of a Run Command action, such as ``SendCommand``, and answer it with a server error.

        With it a test sees what a caller does that cannot know whether its call was carried out.
        """
        self._process.call("lose_answer", action=action)

    def throttle(self, action: str, times: int = 1) -> None:
        """Refuse the next calls of a Run Command action with ``ThrottlingException``; nothing is carried out."""
        self._process.call("throttle", action=action, times=times)

    def shift_clocks(self, seconds: float) -> None:
        """Let functions see a wall clock that is ahead of this machine's, or behind it with a negative number.

        An invocation that is under way keeps the clock that it began with, so that its time limit stays what it is.
        Only Python's ``time`` and ``datetime`` are shifted, not what C code reads. Executions, states and commands of
        Run Command have time stamps of the same clock; nothing waits by it.
        """
        self._process.call("shift_clocks", seconds=seconds)
        self.clock_shift = seconds

    def lag_execution_lists(self, seconds: float) -> None:
        """From now on, ListExecutions knows of starts and ends only so many seconds of AWS's time later."""
        self._process.call("lag_execution_lists", seconds=seconds)

    def _deliver(self, instance_id: str, delivery: Delivery) -> None:
        self._process.call("set_delivery", instance_id=instance_id, delivery=delivery.value)
