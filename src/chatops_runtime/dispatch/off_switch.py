"""What the off-switch says, in words for whoever typed a command."""

from __future__ import annotations

from chatops_runtime.contracts import off_switch, request_log
from chatops_runtime.slack import mrkdwn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from chatops_runtime.dispatch.parameters import Parameter


class OffSwitch:
    """The switch as it was last read."""

    def __init__(self, *, outcome: str = "", words: str = "") -> None:
        """On; or off, with the outcome of the commands that it stops, and with what is said of them."""
        self.outcome = outcome
        self.words = words

    @classmethod
    def of(cls, parameter: Parameter | None) -> OffSwitch:
        """As `parameter` says; None if there is no such parameter."""
        if parameter is None:
            return cls._unusable("its parameter does not exist")
        try:
            reason = off_switch.reason_of(parameter.value)
        except ValueError as error:
            return cls._unusable(str(error))
        if reason is None:
            return cls()
        words = f"Commands are switched off: {mrkdwn.escape(reason)}" if reason else "Commands are switched off."
        return cls(outcome=request_log.SWITCHED_OFF, words=words)

    @property
    def is_on(self) -> bool:
        """Whether commands run."""
        return not self.outcome

    @classmethod
    def _unusable(cls, why: str) -> OffSwitch:
        # Whoever switched them off wanted them off: what nobody can read is taken for that.
        words = f"Commands are switched off, since their off-switch cannot be used: {why}."
        return cls(outcome=request_log.OFF_SWITCH_UNUSABLE, words=words)
