"""Who may run a command, and who sees what it says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Any

from chatops_constructs._problems import Problems, matches
from chatops_runtime.contracts import commands_table

# Slack's ids: https://docs.slack.dev/reference/objects/conversation-object, …/user-object and …/usergroup-object. C:
# channel, G: a private channel of old, U and W: user, S: user group.
CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{2,20}")
USER_ID = re.compile(r"[UW][A-Z0-9]{2,20}")
USER_GROUP_ID = re.compile(r"S[A-Z0-9]{2,20}")

# What the bot needs to be allowed for a rule: https://docs.slack.dev/reference/methods/usergroups.users.list and
# https://docs.slack.dev/reference/methods/users.info.
SCOPES = {"user_group": "usergroups:read", "members": "users:read"}


@dataclass(frozen=True)
class Allow:
    """Who may do something. There is no default: make one with `workspace`, `channel`, `user` or `user_group`.

    Whoever is not let in is refused, and told who may. The dispatch function refuses at once whom it can; who is in a
    user group or a guest is asked of Slack when the command has started, and whom Slack does not vouch for, for
    whatever reason, is refused as well.

    Rules combine: with `&` both have to let in, with `|` one of them is enough, and `when` asks for a value of an
    argument. `&` binds more tightly than `|`, as everywhere in Python.

    Guests are let in by every rule that fits them, but not by `Allow.workspace(guests=False)`. People of other
    workspaces, in a channel that is shared by Slack Connect, are never let in, whatever the rule: Slack does not offer
    them the app's commands, what comes with another workspace's id is refused, and so are their clicks on buttons.

    Example:
        from chatops_constructs import Allow

        operators = Allow.user_group("S0123OPS") & Allow.channel("C0123OPS")
        deployers = Allow.channel("C0123OPS").when("stage", "dev") | operators.when("stage", "dev", "prod")

    Attributes:
        kind: What is compared, in the words of `chatops_runtime.contracts.commands_table`.
        ids: With which ids.
        of: The rules of which this one is made.
        argument: The argument whose value is compared.
        values: With which values, as text.
    """

    kind: str
    ids: tuple[str, ...] = ()
    of: tuple[Allow, ...] = ()
    argument: str = ""
    values: tuple[str, ...] = ()

    @classmethod
    def workspace(cls, *, guests: bool = True) -> Allow:
        """Everybody in the workspace, in every channel and direct message.

        Args:
            guests: Whether guests are let in, too. Without them Slack is asked each time, which takes a bot token with
                the scope users:read. Default: True.
        """
        return cls("workspace" if guests else "members")

    @classmethod
    def channel(cls, *channel_ids: str) -> Allow:
        """Everybody in these channels, and nobody elsewhere.

        Example:
            from chatops_constructs import Allow

            operators = Allow.channel("C0123OPS")

        Args:
            channel_ids: One or more ids, `C…`: at the bottom of a channel's details in Slack. Names would not do: they
                can be changed by whoever may rename a channel.

        Raises:
            ValueError: No id, or one that is no channel's id.
        """
        return cls("channel", _checked("Allow.channel", "channel_ids", channel_ids, CHANNEL_ID, "C"))

    @classmethod
    def user(cls, *user_ids: str) -> Allow:
        """These people, wherever they are.

        Example:
            from chatops_constructs import Allow

            two_of_us = Allow.user("U012AB3CD", "U034EF5GH")

        Args:
            user_ids: One or more ids, `U…`: "Copy member ID" in a person's profile in Slack.

        Raises:
            ValueError: No id, or one that is no person's id.
        """
        return cls("user", _checked("Allow.user", "user_ids", user_ids, USER_ID, "U"))

    @classmethod
    def user_group(cls, *user_group_ids: str) -> Allow:
        """Who is in one of these user groups, wherever they are.

        Slack is asked when the command has started, and its answer is good for a minute: so long somebody who was taken
        out of the group may still run the command. It takes a bot token with the scope usergroups:read.

        Example:
            from chatops_constructs import Allow

            admins = Allow.user_group("S0123ADMINS")

        Args:
            user_group_ids: One or more ids, `S…`: under "Copy group ID" in the group's menu in Slack.

        Raises:
            ValueError: No id, or one that is no user group's id.
        """
        return cls("user_group", _checked("Allow.user_group", "user_group_ids", user_group_ids, USER_GROUP_ID, "S"))

    def when(self, argument: str, *values: str | int | bool) -> Allow:
        """The same people, if an argument of the command has one of these values; nobody if it is absent.

        Example:
            from chatops_constructs import Allow

            rule = Allow.workspace().when("stage", "dev") | Allow.user("U012AB3CD").when("stage", "prod")

        Args:
            argument: The argument's name.
            values: One or more values, as a script gets them.

        Raises:
            ValueError: No name, or no value.
        """
        problems = Problems("Allow.when")
        problems.check(
            isinstance(argument, str) and bool(argument),
            "argument",
            argument,
            "the name of an argument",
            "name it",
            tokens=False,
        )
        problems.check(
            bool(values) and all(isinstance(value, str | int) for value in values),
            "values",
            values,
            "one or more values",
            "name them",
        )
        for value in values:
            problems.check(True, "values", value, "a text, a number or a boolean", "write it down", tokens=False)
        problems.raise_if_any()
        return self & Allow("argument", argument=argument, values=tuple(dict.fromkeys(map(_as_text, values))))

    def __and__(self, other: Allow) -> Allow:
        """Whom both let in."""
        return self._combined("all", other)

    def __or__(self, other: Allow) -> Allow:
        """Whom one of both lets in."""
        return self._combined("any", other)

    def __bool__(self) -> bool:
        """No rule is true or false by itself: `and` and `or` would silently drop one of two.

        Raises:
            TypeError: Always.
        """
        raise TypeError("a rule is neither true nor false: combine rules with & and |, not with `and` and `or`")

    @property
    def needs_slack(self) -> bool:
        """Whether only Slack knows whom it lets in, so that a bot token is needed."""
        return bool(self.scopes)

    @property
    def scopes(self) -> frozenset[str]:
        """What the bot has to be allowed, so that Slack can be asked."""
        own = {SCOPES[self.kind]} if self.kind in SCOPES else set()
        return frozenset(own).union(*(rule.scopes for rule in self.of))

    @property
    def conditions(self) -> dict[str, frozenset[str]]:
        """The arguments that are compared, each with all values that it is compared with."""
        found = {self.argument: frozenset(self.values)} if self.argument else {}
        for rule in self.of:
            for name, values in rule.conditions.items():
                found[name] = found.get(name, frozenset()) | values
        return found

    def render(self) -> dict[str, Any]:
        """The rule as `chatops_runtime.contracts.commands_table` has it."""
        rule: dict[str, Any] = {"kind": self.kind}
        if self.ids:
            rule["ids"] = list(self.ids)
        if self.of:
            rule["of"] = [each.render() for each in self.of]
        if self.argument:
            rule["name"] = self.argument
            rule["values"] = list(self.values)
        return rule

    def _combined(self, kind: str, other: Allow) -> Allow:
        if not isinstance(other, Allow):
            return NotImplemented
        parts = [part for rule in (self, other) for part in (rule.of if rule.kind == kind else (rule,))]
        return Allow(kind, of=tuple(dict.fromkeys(parts)))


class Visibility(Enum):
    """Who sees a command and what it says."""

    USER = commands_table.VISIBLE_TO_USER
    """Only the person who typed it."""

    CHANNEL = commands_table.VISIBLE_TO_CHANNEL
    """Everybody in the channel in which it was typed."""


def _as_text(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _checked(
    where: str, parameter: str, ids: tuple[str, ...], pattern: re.Pattern[str], letter: str
) -> tuple[str, ...]:
    problems = Problems(where)
    problems.check(bool(ids), parameter, ids, "one or more ids", "name them, or use Allow.workspace() for everybody")
    for id in ids:
        problems.check(
            matches(pattern, id),
            parameter,
            id,
            f"an id: {letter} and capital letters or digits, not a name",
            "copy the id in Slack",
            tokens=False,
        )
    problems.raise_if_any()
    return tuple(dict.fromkeys(ids))
