"""A rule in words: whom it lets. Imported when somebody is told, since most requests are not refused."""

from __future__ import annotations

from chatops_runtime.slack import mrkdwn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from chatops_runtime.authorization.rule import Rule

_WORDS = {
    "workspace": "everybody in this workspace",
    "members": "everybody in this workspace who is no guest",
}


def who_may(rule: Rule, *, mentions: bool) -> str:
    """See `chatops_runtime.authorization.rule.who_may`."""
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
