"""A rule that says who may do something: judged without asking anybody, and put into words.

    {"kind": "workspace"}                                 everybody in the workspace, guests as well
    {"kind": "members"}                                   everybody but guests
    {"kind": "channel", "ids": ["C…"]}                    whoever asks from one of these channels
    {"kind": "user", "ids": ["U…"]}
    {"kind": "user_group", "ids": ["S…"]}                 members of any of these
    {"kind": "argument", "name": "stage", "values": ["prod"]}     if the argument has one of these values
    {"kind": "all", "of": [rule, …]}
    {"kind": "any", "of": [rule, …]}

Whom no rule lets, nobody lets: an unknown kind and an empty list are nobody.

Of the ack path: it imports next to nothing, and asks nobody.
"""

from __future__ import annotations

from chatops_runtime.contracts.request import as_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    Rule = dict[str, Any]


def verdict(rule: Rule, *, user_id: str, channel_id: str, arguments: Mapping[str, Any] | None) -> bool | None:
    """Whether `rule` lets the user; None if only Slack knows, or an argument is still to be chosen.

    Args:
        rule: The rule.
        user_id: Who asks.
        channel_id: From where.
        arguments: The command's, of which None is a value still to be chosen; None if nothing is known of them.
    """
    kind = rule["kind"]
    if kind in {"all", "any"}:
        parts = [verdict(part, user_id=user_id, channel_id=channel_id, arguments=arguments) for part in rule["of"]]
        return _all(parts) if kind == "all" else _any(parts)
    if kind == "argument":
        return _has_value(rule, arguments)
    if kind in {"members", "user_group"}:
        return None
    asks = {"channel": channel_id, "user": user_id}
    if kind in asks:
        return asks[kind] in rule["ids"]
    return bool(kind == "workspace")  # that it is this workspace was checked before


def who_may(rule: Rule, *, mentions: bool = False) -> str:
    """Whom `rule` lets, for people, in Slack's markup.

    A mention shows a name, and notifies whom it names; that of a user group notifies all of it. Therefore there are
    none unless the text is for one person's eyes alone: in a message that only one person sees, Slack notifies nobody
    else. Without them users and user groups stand there with their ids.

    Args:
        rule: The rule.
        mentions: Whether to mention users and user groups.
    """
    from chatops_runtime.authorization import in_words  # noqa: PLC0415 - the ack path tells hardly anybody

    return in_words.who_may(rule, mentions=mentions)


def _has_value(rule: Rule, arguments: Mapping[str, Any] | None) -> bool | None:
    if arguments is None:
        return None
    name = rule["name"]
    if name not in arguments:
        return False
    value = arguments[name]
    return None if value is None else as_text(value) in rule["values"]


def _all(verdicts: list[bool | None]) -> bool | None:
    if False in verdicts or not verdicts:
        return False
    return None if None in verdicts else True


def _any(verdicts: list[bool | None]) -> bool | None:
    if True in verdicts:
        return True
    return None if None in verdicts else False
