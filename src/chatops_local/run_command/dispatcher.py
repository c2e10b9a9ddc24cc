"""Brings commands to their instances, within MaxConcurrency, MaxErrors and the time limits."""

from __future__ import annotations

import logging
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

from . import statuses, targets
from .agent import Agent, Order
from .conditions import Delivery
from .interpolation import InterpolationError
from .invocation import Invocation

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from threading import Condition

    from .agent import WriteLog
    from .clock import Clock
    from .command import Command
    from .fleet import Fleet, Instance
    from .plugin_run import PluginRun
    from .preparation import ResolveParameter
    from .status_events import StatusEvents
    from .statuses import Status

TARGET_RESOLUTION_SECONDS = 0.5
"""How long a command to tagged instances stays Pending without targets. AWS states no number; it is short."""

_JOIN_SECONDS = 10

Subject = TypeVar("Subject")

_log = logging.getLogger("chatops_local.run_command")


class _ClosedError(Exception):
    """The emulation is shutting down."""


class Dispatcher:
    """One thread per command under way, and one per invocation that an instance has or waits for.

    Everything that can change is guarded by `changed`, which is notified of every change.
    """

    def __init__(
        self,
        fleet: Fleet,
        *,
        region: str,
        clock: Clock,
        changed: Condition,
        events: StatusEvents,
        resolve_parameter: ResolveParameter | None,
        write_log: WriteLog | None,
    ) -> None:
        """Take what commands need on their way."""
        self._fleet = fleet
        self._region = region
        self._clock = clock
        self._changed = changed
        self._events = events
        self._resolve_parameter = resolve_parameter
        self._write_log = write_log
        self._threads: set[Thread] = set()
        self._under_way: set[Command] = set()
        self._closed = False

    def send(self, command: Command, instances: Iterable[Instance]) -> None:
        """Start on `command`, for `instances`, or else for what its targets turn out to mean."""
        with self._changed:
            self._address(command, instances)
            self._under_way.add(command)
            self._events.command_changed(command)
            self._spawn(self._carry_out, command)

    def cancel(self, command: Command, instance_ids: Collection[str] | None) -> None:
        """Cancel the command, on all its instances or on some."""
        with self._changed:
            if command.status.is_terminal:
                return
            if instance_ids is None:
                command.cancelled = True
                self._set_command_status(command, statuses.CANCELLING)
            for invocation in command.invocations:
                if instance_ids is None or invocation.instance.instance_id in instance_ids:
                    self._cancel_invocation(invocation)

    def lose(self, instance: Instance) -> None:
        """The agent of `instance` dies with what it has under way."""
        with self._changed:
            for command in self._under_way:
                for invocation in command.invocations:
                    if invocation.instance is instance and invocation.has_begun:
                        invocation.lose()
            self._changed.notify_all()

    def close(self) -> None:
        """Stop everything and wait for the threads."""
        with self._changed:
            self._closed = True
            for command in self._under_way:
                for invocation in command.invocations:
                    invocation.cancellation.request()
            self._changed.notify_all()
            threads = tuple(self._threads)
        for thread in threads:
            thread.join(_JOIN_SECONDS)
            if thread.is_alive():
                _log.warning("thread %s did not end within %s seconds", thread.name, _JOIN_SECONDS)

    def _carry_out(self, command: Command) -> None:
        with self._changed:
            if command.targets:
                self._wait(lambda: command.cancelled, self._clock.deadline(TARGET_RESOLUTION_SECONDS))
                if not command.cancelled:
                    self._address(command, targets.matching(self._fleet.list(), command.targets))
            self._hand_out(command)
            self._wait(lambda: all(invocation.status.is_terminal for invocation in command.invocations))
            self._under_way.discard(command)
            self._set_command_status(command, _outcome(command))

    def _address(self, command: Command, instances: Iterable[Instance]) -> None:
        names = [step.name for step in command.version.content.steps]
        command.invocations = [Invocation(command, instance, names) for instance in instances]

    def _hand_out(self, command: Command) -> None:
        handed_out: list[Invocation] = []
        for invocation in command.invocations:
            self._wait(lambda: sum(not one.status.is_terminal for one in handed_out) < command.max_concurrency)
            if invocation.status.is_terminal:  # cancelled before its turn came
                continue
            if command.error_count > command.max_errors:
                self._end(invocation, statuses.TERMINATED)
                continue
            handed_out.append(invocation)
            self._spawn(self._take_to_instance, invocation)

    def _take_to_instance(self, invocation: Invocation) -> None:
        status = self._deliver(invocation)
        if status == statuses.IN_PROGRESS:
            status = self._run(invocation)
        with self._changed:
            self._end(invocation, status)

    def _deliver(self, invocation: Invocation) -> Status:
        """Wait until the instance takes it: IN_PROGRESS, or how it ended without that.

        "If this time is reached and the command hasn't already started running, it won't run" (TimeoutSeconds of
        SendCommand), but it is called DeliveryTimedOut only once the command expires, after both time limits:
        "If a command expires, it changes status to DeliveryTimedOut for all invocations that have the status
        InProgress, Pending, or Delayed" (ExpiresAfter of Command in the API reference).
        """
        instance, command = invocation.instance, invocation.command
        last_start, expiry = self._clock.deadline(command.delivery_timeout), self._expiry(command)
        with self._changed:
            self._wait(lambda: _is_reached(instance) or invocation.status.is_terminal, last_start)
            if instance.conditions.pickup_seconds and _is_reached(instance):
                picked_up = self._clock.deadline(instance.conditions.pickup_seconds)
                self._wait(lambda: instance.terminated or invocation.status.is_terminal, min(picked_up, last_start))
            if not invocation.status.is_terminal and _can_begin(instance) and self._clock.left(last_start):
                return self._begin(invocation)
            self._wait(lambda: _is_undeliverable(instance) or invocation.status.is_terminal, expiry)
            if invocation.status.is_terminal:
                return invocation.status
            return statuses.UNDELIVERABLE if _is_undeliverable(instance) else statuses.DELIVERY_TIMED_OUT

    def _begin(self, invocation: Invocation) -> Status:
        invocation.begin(self._clock.now())
        self._events.invocation_changed(invocation)
        if invocation.command.status == statuses.PENDING:
            self._set_command_status(invocation.command, statuses.IN_PROGRESS)
        self._changed.notify_all()
        return invocation.status

    def _run(self, invocation: Invocation) -> Status:
        """Run it and wait until the instance can report."""
        instance = invocation.instance
        expiry = self._expiry(invocation.command)
        runs: list[PluginRun] = []
        failure = self._run_steps(invocation, runs)
        with self._changed:
            if instance.conditions.report_seconds:
                reported = self._clock.deadline(instance.conditions.report_seconds)
                self._wait(lambda: invocation.lost, min(reported, expiry))
            # An instance that is gone never reports: "DeliveryTimedOut" after the total of both time limits.
            # https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html#monitor-about-status-timeouts
            self._wait(lambda: _can_report(invocation), expiry)
            if not _can_report(invocation):
                cancelled = invocation.status == statuses.CANCELLING
                return statuses.CANCELLED if cancelled else statuses.DELIVERY_TIMED_OUT
            invocation.report(runs, trace_output=failure)
            return statuses.FAILED if failure else statuses.of_invocation(run.status for run in runs)

    def _expiry(self, command: Command) -> float:
        return self._clock.deadline(command.expires - command.requested)

    def _run_steps(self, invocation: Invocation, runs: list[PluginRun]) -> str:
        """Add to `runs` what comes of each step. The reason if the agent could not run them, else an empty text."""
        try:
            for run in self._agent(invocation).run(self._resolve_parameter):
                runs.append(run)
                with self._changed:
                    if invocation.instance.online and not invocation.lost:
                        invocation.report(runs)
        except InterpolationError as error:
            return str(error)
        except Exception:  # noqa: BLE001 - a callback that is not ours; without an end the command would hang for ever
            _log.exception("invocation %s failed for a reason of the emulation's own", invocation.identity)
            return "the local emulation failed, see its log"
        return ""

    def _agent(self, invocation: Invocation) -> Agent:
        command = invocation.command
        order = Order(command.command_id, command.version.content, command.parameters, command.log_group)
        return Agent(
            order,
            invocation.instance,
            invocation.cancellation,
            region=self._region,
            clock=self._clock,
            write_log=self._write_log,
        )

    def _cancel_invocation(self, invocation: Invocation) -> None:
        if invocation.status.is_terminal:
            return
        invocation.cancellation.request()
        if invocation.status == statuses.PENDING:
            self._end(invocation, statuses.CANCELLED)
        else:
            invocation.status = statuses.CANCELLING
            self._events.invocation_changed(invocation)
        self._changed.notify_all()

    def _end(self, invocation: Invocation, status: Status) -> None:
        if not invocation.status.is_terminal:
            invocation.end(status)
            self._events.invocation_changed(invocation)
            self._changed.notify_all()

    def _set_command_status(self, command: Command, status: Status) -> None:
        command.status = status
        self._events.command_changed(command)
        self._changed.notify_all()

    def _wait(self, condition: Callable[[], bool], deadline: float | None = None) -> None:
        left = None if deadline is None else self._clock.left(deadline)
        self._changed.wait_for(lambda: condition() or self._closed, left)
        if self._closed:
            raise _ClosedError

    def _spawn(self, work: Callable[[Subject], None], subject: Subject) -> None:
        def run() -> None:
            try:
                work(subject)
            except _ClosedError:
                _log.debug("given up at shutdown")
            finally:
                with self._changed:
                    self._threads.discard(thread)

        thread = Thread(target=run, name=f"run-command-{work.__name__.strip('_')}", daemon=True)
        self._threads.add(thread)
        thread.start()


def _is_undeliverable(instance: Instance) -> bool:
    return instance.terminated or instance.conditions.delivery == Delivery.UNDELIVERABLE


def _can_begin(instance: Instance) -> bool:
    return instance.online and instance.conditions.delivery == Delivery.WORKS


def _is_reached(instance: Instance) -> bool:
    return _can_begin(instance) or _is_undeliverable(instance)


def _can_report(invocation: Invocation) -> bool:
    return not invocation.lost and (invocation.instance.online or invocation.cancellation.requested)


def _outcome(command: Command) -> Status:
    if command.targets and not command.invocations and not command.cancelled:
        return statuses.NO_INSTANCES_IN_TAG
    ended = [invocation.status for invocation in command.invocations]
    return statuses.of_command(ended, max_errors=command.max_errors, cancelled=command.cancelled)
