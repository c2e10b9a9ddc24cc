"""What the function does with each kind of invocation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from chatops_runtime import log_line
from chatops_runtime.command_function.reply import Reply
from chatops_runtime.ip_sets.patience import name_of
from chatops_runtime.log_line import LoggableError
from chatops_runtime.maintenance import orders, telling
from chatops_runtime.maintenance.invocation import Look, Window
from chatops_runtime.order import Order

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_runtime.maintenance.state import State
    from chatops_runtime.maintenance.switch import Switch

TROUBLE = (LoggableError, ClientError, BotoCoreError)


@dataclass
class Record:
    """What the log line says.

    Attributes:
        level: How bad it is.
        facts: What happened.
        followed: Whether the IP sets are known to be in line; None: nobody looked.
    """

    level: str = log_line.INFO
    facts: dict[str, Any] = field(default_factory=dict)
    followed: bool | None = None


class Service:
    """The function's work, once for each invocation."""

    def __init__(self, switch: Switch, now: Callable[[], float]) -> None:
        """With a clock that says Unix time in seconds."""
        self._switch = switch
        self._now = now
        self.record = Record()

    def do(self, what: Order | Window | Look, *, deadline: float) -> Reply | None:
        """Do it, and answer whoever asked.

        Args:
            what: What to do.
            deadline: Unix time in seconds, until which troubles that pass are waited for.

        Raises:
            Exception: AWS refused, and nobody is there to be told.
        """
        if isinstance(what, Order):
            return self._obey(what, deadline)
        if isinstance(what, Window):
            self.record.facts.update(invocation="window", window=what.name, scheduled_at=what.scheduled_at)
            self._switch.begin_window(what.name, scheduled_at=what.scheduled_at, seconds=what.seconds)
        else:
            self.record.facts.update(invocation=what.why)
        self._follow(deadline)
        return None

    def _obey(self, given: Order, deadline: float) -> Reply:
        self.record.facts.update(invocation="order", by=given.by, id=given.id)
        try:
            order = orders.parse(given.text)
        except orders.OrderError as error:
            self.record.facts.update(order="none")
            return Reply(mrkdwn=telling.usage(error), visible="user")
        self.record.facts.update(order=type(order).__name__.lower())
        if isinstance(order, orders.Status):
            return self._status(deadline)
        before = self._switch.state()
        if isinstance(order, orders.On):
            self.record.facts.update(seconds=order.seconds, reason=order.reason or None)
            state = self._switch.close(given.id, by=given.by, seconds=order.seconds, reason=order.reason)
        else:
            state = self._switch.open(given.id, by=given.by)
        answer = (
            telling.repeated(state, self._now())
            if before.knows(given.id)
            else telling.switched(state, self._now(), already=not state.was_changed_by(given.id))
        )
        return Reply(mrkdwn=self._with_trouble(answer, deadline))

    def _with_trouble(self, answer: str, deadline: float) -> str:
        """`answer`, and what hinders the IP sets from following, if anything does."""
        try:
            self._follow(deadline)
        except TROUBLE as error:
            self.record.level = log_line.ERROR
            self.record.facts.update(outcome="behind", **log_line.describe(error), aws_error=name_of(error))
            return f"{answer}\n{telling.BEHIND.format(trouble=name_of(error))}"
        return answer

    def _status(self, deadline: float) -> Reply:
        state = self._switch.state()
        self.record.followed = False
        try:
            in_line = self._switch.in_line(state, deadline=deadline)
            sets = "as they should be" if in_line else "not as they should be; within a minute they are put right"
            self.record.followed = in_line
        except TROUBLE as error:
            self.record.level = log_line.ERROR
            self.record.facts.update(log_line.describe(error))
            sets = f"unknown, {name_of(error)}"
        return Reply(mrkdwn=telling.status(state, self._now(), sets=sets))

    def _follow(self, deadline: float) -> None:
        self.record.followed = False
        followed = self._switch.follow(deadline=deadline)
        self.record.followed = True
        if followed.healed:
            self.record.level = log_line.WARN
            self.record.facts.update(outcome="healed")
        self._describe(followed.state)

    def _describe(self, state: State) -> None:
        last = state.last
        if last is not None:
            self.record.facts.update(closed=state.closed(self._now()), changed_by=last.by, until=last.until)
