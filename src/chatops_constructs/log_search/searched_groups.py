"""Log groups with the short names by which people tell them apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from chatops_constructs._asked_once import name_of
from chatops_constructs._problems import is_token, matches
from chatops_constructs.slack.arguments.choice import CHOICE, MOST_CHARACTERS
from chatops_runtime.contracts.log_search import MOST_GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aws_cdk import aws_logs as logs

    from chatops_constructs._problems import Problems

# Ids that say what a construct is and not whose: a function's own group is `Orders/LogGroup`.
_SILENT_IDS = frozenset({"loggroup", "loggroups", "logs", "log", "resource", "default"})
_LOGS_AT_THE_END = re.compile(r"-?(?:log-?group|logs)$")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def labelled(log_groups: Sequence[logs.ILogGroup] | Mapping[str, logs.ILogGroup]) -> dict[str, logs.ILogGroup]:
    """The log groups by their labels.

    Args:
        log_groups: By the labels that the user chose, or without: then a label is the last part of the group's name or,
            of one that gets its name at deploy time, what its ids say. As many parts in front of it as tell it from
            the others belong to it.
    """
    if isinstance(log_groups, Mapping):
        return dict(log_groups)
    return dict(zip(_told_apart([_parts(group) for group in log_groups]), log_groups, strict=True))


def check_groups(problems: Problems, log_groups: object, labels: Iterable[str]) -> None:
    """Note what is wrong with the log groups of a search.

    Args:
        problems: Where it is noted.
        log_groups: What the caller gave.
        labels: Their labels.
    """
    listed = list(labels)
    count = len(log_groups) if isinstance(log_groups, Mapping | list | tuple) else 0
    problems.check(
        1 <= count <= MOST_GROUPS,
        "log_groups",
        f"{count} log groups",
        f"1 to {MOST_GROUPS}",
        "name them, or make several commands of them",
    )
    problems.check(
        len(set(listed)) == count,
        "log_groups",
        listed,
        "each group once",
        "take the second one out",
    )
    for label in listed:
        problems.check(
            matches(CHOICE, label) and len(label) <= MOST_CHARACTERS,
            "log_groups",
            label,
            f"short names of up to {MOST_CHARACTERS} characters without blanks, quotes, \\, |, <, > and &",
            "choose them yourself: log_groups={'orders': orders_log_group, …}",
            tokens=False,
        )


def _parts(group: logs.ILogGroup) -> list[str]:
    name = name_of(group)
    if not is_token(name):
        return [part for part in name.split("/") if part]
    plain = [_plain(id) for id in group.node.path.split("/")]
    telling = [id for id in plain if id and id.replace("-", "") not in _SILENT_IDS]
    return [_LOGS_AT_THE_END.sub("", id) or id for id in telling or plain]


def _plain(id: str) -> str:
    """`OrdersApi` as people type it: `orders-api`."""
    return "-".join(word.lower() for word in _WORD.findall(id))


def _told_apart(names: Sequence[Sequence[str]]) -> list[str]:
    """The last part of each name, and parts in front of it as long as another one has the same."""
    taken = [1] * len(names)
    while True:
        labels = ["/".join(parts[-count:]) for parts, count in zip(names, taken, strict=True)]
        times = Counter(labels)
        longer = [
            min(count + 1, len(parts)) if times[label] > 1 else count
            for label, parts, count in zip(labels, names, taken, strict=True)
        ]
        if longer == taken:
            return labels
        taken = longer
