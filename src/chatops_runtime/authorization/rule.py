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
from chatops_runtime.slack import mrkdwn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    Rule = dict[str, Any]

_WORDS = {
    "workspace": "everybody in this workspace",
    "members": "everybody in this workspace who is no guest",
}


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
    kind = rule["kind"]
    if kind == "any":
        return " or ".join(who_may(part, mentions=mentions) for part in rule["of"]) or "nobody"
    if kind == "all":
        return _all_of(rule["of"], mentions=mentions)
    if kind in {"channel", "argument"}:
        return f"everybody {_circumstance(rule)}"
    if kind == "user":
        return _listed(map(mrkdwn.user if mentions else mrkdwn.code, rule["ids"]))
    if kind == "user_group":
        return f"members of {_listed(map(mrkdwn.user_group if mentions else mrkdwn.code, rule['ids']))}"
    return _WORDS.get(kind) or f"nobody: this endpoint does not know the rule {mrkdwn.code(str(kind))}"


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


def _all_of(rules: list[Rule], *, mentions: bool) -> str:
    """People first, then the circumstances under which: `members of @ops in #prod if stage is prod`."""
    people, circumstances = [], []
    for part in rules:
        if part["kind"] in {"channel", "argument"}:
            circumstances.append(_circumstance(part))
        else:
            words = who_may(part, mentions=mentions)
            people.append(f"({words})" if part["kind"] == "any" else words)
    if not rules:
        return "nobody"
    return " ".join([" who are also ".join(people) or "everybody", *circumstances])


def _circumstance(rule: Rule) -> str:
    if rule["kind"] == "channel":
        return f"in {_listed(map(mrkdwn.channel, rule['ids']))}"
    return f"if {mrkdwn.code(rule['name'])} is {_listed(map(mrkdwn.code, rule['values']))}"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words) or "nobody"
