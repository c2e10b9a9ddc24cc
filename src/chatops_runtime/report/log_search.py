"""What is said of lines that were found in logs: `chatops_runtime.contracts.log_search`."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from chatops_runtime.report import following
from chatops_runtime.report.account import Account
from chatops_runtime.report.pages import FOR_A_REMARK, Passage, fill, most_messages
from chatops_runtime.slack import mrkdwn, text_budget
from chatops_runtime.slack.message import Message
from chatops_runtime.slack.plain_text import clean, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from chatops_runtime.report.report import Report

LONGEST_TERM = 200
LONGEST_LABEL = 40
LONGEST_PROBLEM = 100
MOST_GROUPS_NAMED = 20

ERROR_MARK = "!"
_TIME = "%H:%M:%S"


def render(report: Report, result: dict[str, Any], *, files: bool) -> Account:
    """How much was found, group by group, what could not be searched, and the time line."""
    if result["problem"]:
        return Account(
            (Message(f":x: {report.command} searched nothing: {mrkdwn.literal(result['problem'])} {report.origin}"),)
        )
    head = "\n".join([_verdict(report, result), *_about_groups(result), *_where(result)])
    timeline = "\n".join(_timeline(result))
    if not timeline:
        return Account((Message(head),))
    whole = Passage.output(_legend(result), timeline)
    room = text_budget.MESSAGE - text_budget.units(f"{head}\n")
    if not result["over"]:
        piece = whole.beginning(text_budget.RECOMMENDED)
        return Account((Message(f"{head}\n{whole.render(piece)}"),))
    if whole.beginning(room) == timeline:
        return Account((Message(f"{head}\n{whole.render(timeline)}"),))
    return _in_several(report, head, whole, room, files=files)


def _in_several(report: Report, head: str, whole: Passage, room: int, *, files: bool) -> Account:
    follows = following.announcement(report, files=files)
    room -= text_budget.units(f"\n{follows}")
    piece = whole.beginning(min(room, text_budget.RECOMMENDED) if files else room)
    pages = fill(
        [whole.after(piece)],
        most=most_messages(report.used) - 1,
        room=text_budget.MESSAGE - FOR_A_REMARK,
        ending=lambda missing: f"_{missing:,} more characters have no room here._",
    )
    first = Message(f"{head}\n{whole.render(piece)}\n{follows}")
    return Account((first, *map(Message, pages)), following.file(report, whole.text) if files else None)


def _verdict(report: Report, result: Mapping[str, Any]) -> str:
    groups = result["groups"]
    found = sum(group["found"] for group in groups) + result["beyond"]
    errors = sum(group["errors"] for group in groups)
    term = mrkdwn.code(one_line(result["term"], LONGEST_TERM))
    if not result["over"]:
        mark, said = ":hourglass_flowing_sand:", f"is still searching for {term}"
    elif not result["ok"]:
        mark, said = ":x:", f"could not search for {term}"
    elif not found:
        searched = sum(not group["problem"] for group in groups)
        mark, said = ":mag:", f"found nothing of {term} in {_count(searched, 'log group')}"
    else:
        where = sum(bool(group["found"]) for group in groups)
        of_them = f", {_count(errors, 'of them an error', 'of them errors')}" if errors else ""
        mark = ":mag:"
        said = f"found {_count(found, 'line')} of {term} in {where} of {_count(len(groups), 'log group')}{of_them}"
    return f"{mark} {report.command} {said}, {_period(result)} {report.origin}"


def _about_groups(result: Mapping[str, Any]) -> Iterator[str]:
    """Of each group what was found and how much of that is left out; then what is not known of the others."""
    if result["keys"]:
        keys = ", ".join(mrkdwn.code(one_line(key, LONGEST_TERM)) for key in result["keys"])
        yield f"Lines with {keys} belong to it too: that stands in what was found."
    hits = [group for group in result["groups"] if group["found"]]
    if hits and result["over"]:
        yield _named(" · ", (_hits(group) for group in hits))
    if result["beyond"]:
        yield f"{_count(result['beyond'], 'line')} more than Logs Insights hands out, the oldest, are left out."
    for why, groups in _by_problem(result["groups"]):
        reason = mrkdwn.literal(one_line(why, LONGEST_PROBLEM))
        yield f":warning: Not searched, since {reason}: {_named(', ', map(_label, groups))}"
    unfinished = [group for group in result["groups"] if not (group["finished"] or group["problem"])]
    if unfinished and result["over"]:
        labels = _named(", ", map(_label, unfinished))
        yield f":warning: Not searched to the end, since the time was over: {labels}. A shorter time helps."


def _by_problem(groups: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, list[Mapping[str, Any]]]]:
    by_problem: dict[str, list[Mapping[str, Any]]] = {}
    for group in groups:
        if group["problem"]:
            by_problem.setdefault(group["problem"], []).append(group)
    return by_problem.items()


def _hits(group: Mapping[str, Any]) -> str:
    about = [f"{group['errors']:,} with errors"] if group["errors"] else []
    if group["left_out"]:
        about.append(f"{group['left_out']:,} left out")
    return f"{_label(group)} {group['found']:,}" + (f" ({', '.join(about)})" if about else "")


def _where(result: Mapping[str, Any]) -> Iterator[str]:
    # The address is made by the search, and holds none of the characters that would end the link.
    if result["link"]:
        yield f"<{result['link']}|Open in Logs Insights>"


def _legend(result: Mapping[str, Any]) -> str:
    """What stands above the time line."""
    day = _moment(result["lines"][0]["at"])
    marked = f", `{ERROR_MARK}` marks errors" if any(line.get("error") for line in result["lines"]) else ""
    return f"From {day:%Y-%m-%d}, UTC{marked}:"


def _timeline(result: Mapping[str, Any]) -> Iterator[str]:
    """A line for each that was found, with its time and group; where some are left out, how many."""
    labels = [one_line(group["label"], LONGEST_LABEL) for group in result["groups"]]
    width = max((len(labels[line["group"]]) for line in result["lines"]), default=0)
    day = None
    for line in result["lines"]:
        moment = _moment(line["at"])
        if line.get("left_out"):
            yield f"  … {_count(line['left_out'], 'line')} left out …"
        if day not in (None, moment.date()):
            yield f"  {moment:%Y-%m-%d}"
        day = moment.date()
        yield from _shown(line, moment, labels[line["group"]].ljust(width))
    if result["left_out"] and result["lines"]:
        yield f"  … {_count(result['left_out'], 'line')} left out …"


def _shown(line: Mapping[str, Any], moment: datetime, label: str) -> Iterator[str]:
    mark = ERROR_MARK if line.get("error") else " "
    first, *others = clean(line["text"]).split("\n")
    lead = f"{mark} {moment.strftime(_TIME)}.{moment.microsecond // 1000:03} {label} "
    yield lead + first
    yield from (" " * len(lead) + other for other in others)


def _period(result: Mapping[str, Any]) -> str:
    since, until = _moment(result["since"]), _moment(result["until"])
    end = until.strftime(_TIME) if since.date() == until.date() else f"{until:%Y-%m-%d} {until.strftime(_TIME)}"
    return f"{since:%Y-%m-%d} {since.strftime(_TIME)} to {end} UTC"


def _named(between: str, names: Iterable[str]) -> str:
    listed: Sequence[str] = list(names)
    others = len(listed) - MOST_GROUPS_NAMED
    shown = between.join(listed[:MOST_GROUPS_NAMED])
    return f"{shown} and {_count(others, 'other')}" if others > 0 else shown


def _label(group: Mapping[str, Any]) -> str:
    return mrkdwn.code(one_line(group["label"], LONGEST_LABEL))


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc)
