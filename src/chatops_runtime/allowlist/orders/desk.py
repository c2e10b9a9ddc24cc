"""Where people's orders arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.allowlist.invocation import Own
from chatops_runtime.allowlist.orders import administration, own, telling
from chatops_runtime.allowlist.orders.error import OrderError
from chatops_runtime.allowlist.registrations import FullError
from chatops_runtime.allowlist.table import BusyError
from chatops_runtime.command_function.reply import Reply

if TYPE_CHECKING:
    from chatops_runtime.allowlist.orders.administration_desk import AdministrationDesk
    from chatops_runtime.allowlist.orders.own_desk import OwnDesk
    from chatops_runtime.order import Order


class Desk:
    """Answers people, always the one alone who asked: lists have addresses, and a link is a key."""

    def __init__(self, own_desk: OwnDesk, administration_desk: AdministrationDesk) -> None:
        """With one desk for everybody, and one for administrators."""
        self._own = own_desk
        self._administration = administration_desk

    def answer(self, given: Own | Order, *, deadline: float, facts: dict[str, Any]) -> Reply:
        """Do what was typed.

        Args:
            given: What, and by whom.
            deadline: Unix time in seconds, until which others who write are waited for.
            facts: Of the log line, to which is added what happened.
        """
        try:
            text = self._done(given, deadline, facts)
        except OrderError as error:
            facts.update(refused="usage")
            expected = own.USAGE if isinstance(given, Own) else administration.USAGE
            text = telling.usage(str(error), expected)
        except FullError as error:
            facts.update(refused="full")
            text = f":x: Nothing was changed: {error}."
        except BusyError:
            facts.update(refused="busy")
            text = telling.BUSY
        return Reply(mrkdwn=text, visible="user")

    def _done(self, given: Own | Order, deadline: float, facts: dict[str, Any]) -> str:
        if isinstance(given, Own):
            return self._own.answer(given, deadline=deadline, facts=facts)
        return self._administration.answer(given, deadline=deadline, facts=facts)
