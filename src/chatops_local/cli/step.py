"""What somebody does after a command was typed: clicks on a button, or chooses in a menu."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_local.slack.ids import is_id

if TYPE_CHECKING:
    from chatops_local.slack import Control, Message, SentClick, SlackDouble

_CLICK, _CHOOSE = "click", "choose"
_STEP = re.compile(r"(?P<verb>click|choose) +(?P<what>.*?\S)(?: +as +(?P<user>\S+?)(?:@(?P<team>\S+))?)?", re.DOTALL)
_FORMS = 'such as "click Approve as U0LOCALSAM" or "choose web-1, web-2"'


@dataclass(frozen=True)
class Step:
    """One step.

    Args:
        text: As it was given.
        label: The button's label or action_id; empty if something is chosen.
        options: What is chosen, by label or value.
        user: By whom; `None`: by who typed the command.
        team: The workspace of that person, if it is another one.
    """

    text: str
    label: str = ""
    options: tuple[str, ...] = ()
    user: str | None = None
    team: str | None = None

    @classmethod
    def parse(cls, text: str) -> Step | None:
        """What `text` says; `None` if it is no step at all.

        Raises:
            ValueError: It begins like one, and is none.
        """
        if text.split(" ", 1)[0] not in (_CLICK, _CHOOSE):
            return None
        found = _STEP.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"step {text!r}: a button or options are expected, {_FORMS}")
        user, team = found["user"], found["team"]
        if any(given is not None and not is_id(kind, given) for kind, given in (("user", user), ("team", team))):
            raise ValueError(f"step {text!r}: after `as` a Slack user id is expected, {_FORMS}")
        if found["verb"] == _CLICK:
            return cls(text, found["what"], user=user, team=team)
        options = tuple(option for each in found["what"].split(",") if (option := each.strip()))
        return cls(text, options=options, user=user, team=team)

    def take(self, slack: SlackDouble, user: str, since: float, timeout: float) -> SentClick | None:
        """Do it in the latest message of since `since` that has the control, as soon as there is one.

        Raises:
            TimeoutError: There is no such message after `timeout` seconds.
        """
        who = self.user or user
        try:
            slack.wait_for(
                lambda message: self._sees(message, who, since) and bool(self._controls_in(message)), timeout
            )
        except TimeoutError:
            raise TimeoutError(f"{self.text}: {self._missing(slack, who, since)}") from None
        seen = [message for message in slack.messages if self._sees(message, who, since)]
        message, control = [(each, control) for each in seen for control in self._controls_in(each)[:1]][-1]
        if self.options:
            return slack.select(message, control, self.options, user=who, team=self.team)
        return slack.click(message, control, user=who, team=self.team)

    def _sees(self, message: Message, user: str, since: float) -> bool:
        return message.user in (None, user) and message.shown_at >= since

    def _controls_in(self, message: Message) -> list[Control]:
        """The buttons of that label or action_id, else whose label contains it; or the menus that have all options."""
        controls = [each for each in message.controls if each.is_menu == bool(self.options)]
        if self.options:
            return [menu for menu in controls if all(map(menu.option, self.options))]
        exact = [each for each in controls if self.label in (each.label, each.action_id)]
        return exact or [each for each in controls if self.label.casefold() in each.label.casefold()]

    def _missing(self, slack: SlackDouble, user: str, since: float) -> str:
        messages = [message for message in slack.messages if self._sees(message, user, since)]
        there = [control.label for message in messages for control in message.controls]
        return f"no message that {user} sees has it; there are {', '.join(map(repr, there)) or 'no controls'}"
