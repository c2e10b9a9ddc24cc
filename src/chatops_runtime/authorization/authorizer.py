"""Whether a rule lets a user, with what only Slack knows. Whoever nobody vouches for is not let."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from chatops_runtime.authorization import rule as rules
from chatops_runtime.authorization.unknown import UnknownError
from chatops_runtime.contracts import authorization as contract

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from chatops_runtime.authorization.groups import UserGroups
    from chatops_runtime.authorization.members import Members
    from chatops_runtime.authorization.rule import Rule


@dataclass(frozen=True)
class Judgement:
    """What came of it.

    Attributes:
        allowed: Whether the user may.
        why: Why not: one of the contract's names.
        detail: What Slack said instead of an answer.
    """

    allowed: bool
    why: str = ""
    detail: str = ""


class Authorizer:
    """Judges by rules."""

    def __init__(self, groups: UserGroups, members: Members) -> None:
        """With Slack's word on who is in a group, and who is a member."""
        self._groups = groups
        self._members = members

    def judge(self, rule: Rule, *, user_id: str, channel_id: str, arguments: Mapping[str, Any]) -> Judgement:
        """Whether `rule` lets the user.

        Args:
            rule: The rule.
            user_id: Who asks.
            channel_id: From where.
            arguments: The command's.
        """
        asking = _Asking(
            in_group=lambda group_id: self._groups.has(group_id, user_id),
            is_member=lambda: self._members.has(user_id),
            known=lambda part: rules.verdict(part, user_id=user_id, channel_id=channel_id, arguments=arguments),
        )
        verdict = asking.verdict(rule)
        if verdict is None:
            trouble = asking.troubles[0]
            return Judgement(allowed=False, why=trouble.why, detail=str(trouble))
        return Judgement(allowed=verdict, why="" if verdict else contract.NOT_ALLOWED)


class _Asking:
    """One judgement: Slack is asked for no more than it takes.

    Attributes:
        troubles: Why Slack did not tell something.
    """

    def __init__(
        self, *, in_group: Callable[[str], bool], is_member: Callable[[], bool], known: Callable[[Rule], bool | None]
    ) -> None:
        self._in_group = in_group
        self._is_member = is_member
        self._known = known
        self.troubles: list[UnknownError] = []

    def verdict(self, rule: Rule) -> bool | None:
        """Whether it lets the user; None if that hangs on something that Slack did not tell."""
        verdict = self._known(rule)
        if verdict is not None:
            return verdict
        kind = rule["kind"]
        if kind == "all":
            return self._all(rule["of"])
        if kind == "any":
            return _any(self.verdict(part) for part in rule["of"])
        if kind == "user_group":
            return _any(self._told(partial(self._in_group, group_id)) for group_id in rule["ids"])
        if kind == "members":
            return self._told(self._is_member)
        return False  # an argument without a value

    def _all(self, parts: Iterable[Rule]) -> bool | None:
        no = _any(None if verdict is None else not verdict for verdict in map(self.verdict, parts))
        return None if no is None else not no

    def _told(self, ask: Callable[[], bool]) -> bool | None:
        try:
            return ask()
        except UnknownError as trouble:
            self.troubles.append(trouble)
            return None


def _any(verdicts: Iterable[bool | None]) -> bool | None:
    """True as soon as one is; False if all are."""
    is_open = False
    for verdict in verdicts:
        if verdict:
            return True
        is_open = is_open or verdict is None
    return None if is_open else False
