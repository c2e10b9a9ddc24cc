"""One message for a batch: in full when they are few, else a digest in which nothing is lost without being counted."""

import re
from typing import Any

import pytest

from chatops_runtime.notifier.composition import FEW, compose
from chatops_runtime.notifier.digest import MOST_LINES
from chatops_runtime.notifier.reading import read
from chatops_runtime.notifier.run_notice import RunNotice
from tests.runtime.notifier.notices import alarm, failed_run, record, run


def said(*records: dict[str, Any]) -> str:
    return compose(records).text


def counted(text: str) -> int:
    """How many notices the lines of a digest stand for."""
    total = 0
    for line in text.splitlines()[1:]:
        more = re.match(r"… and (\d+) more: ", line)
        group = re.search(r" \(the latest of (\d+): ", line)
        found = more or group
        total += int(found[1]) if found else 1
    return total


def test_a_few_are_said_in_full_in_the_order_of_their_publishing():
    two = [record(alarm("OK"), second=9), record(failed_run(), second=5)]
    text = said(*two)
    assert text == "\n\n".join([read(two[1]).full(4_000), read(two[0]).full(4_000)])


def test_worst_first_and_each_task_with_its_subject():
    text = said(
        record(alarm("OK", "calm")),
        record("hello"),
        record(alarm("INSUFFICIENT_DATA", "vague")),
        record(failed_run(task="Ops/A", subject="A failed on 1 of 3 instances")),
        record(failed_run(task="Ops/B", subject="B failed on 2 of 3 instances"), second=1),
        record(alarm("ALARM", "siren"), second=2),
    )
    heading, *lines = text.splitlines()
    assert heading == "*6 notices*, worst first: 1 ALARM, 2 failed, 1 INSUFFICIENT_DATA, 1 other, 1 OK"
    expected = ["A failed on 1 of 3", "B failed on 2 of 3", "siren", "vague", "hello", "calm"]
    assert [next(name for name in expected if name in line) for line in lines] == expected


def test_what_flaps_has_one_line_with_its_latest_state():
    flapping = [record(alarm("OK" if second % 2 else "ALARM"), second=second) for second in range(10)]
    text = said(*reversed(flapping))
    heading, line = text.splitlines()
    assert heading == "*10 notices*, worst first: 5 ALARM, 5 OK"
    assert line.startswith(":white_check_mark: *OK*")
    assert line.endswith("(the latest of 10: 5 ALARM, 5 OK)")


def test_a_task_that_recovered_still_stands_above_what_is_well():
    text = said(
        record(alarm("OK", "calm")),
        record(failed_run(), second=1),
        record(
            run("succeeded", "NightlyBatch succeeded", result={"instances": [], "offline": [], "targets": "a"}),
            second=2,
        ),
        record(alarm("OK", "calm too")),
    )
    assert "NightlyBatch succeeded* " in text.splitlines()[1]
    assert "1 failed, 1 succeeded)" in text.splitlines()[1]


def test_what_there_is_no_room_for_is_counted():
    records = [record(alarm("ALARM" if number % 3 == 0 else "OK", f"cpu-{number}")) for number in range(200)]
    text = said(*records)
    lines = text.splitlines()
    assert lines[0] == "*200 notices*, worst first: 67 ALARM, 133 OK"
    assert len(lines) == MOST_LINES + 2
    assert re.fullmatch(r"… and 160 more: 27 ALARM, 133 OK", lines[-1])
    assert counted(text) == 200


def test_one_more_than_a_few_is_a_digest():
    text = said(*(record(alarm(name=f"a{number}")) for number in range(FEW + 1)))
    assert counted(text) == FEW + 1


def test_same_subjects_share_a_line():
    text = said(*(record(f"disk {number}", subject="Disk alert", second=number) for number in range(5)))
    assert text.splitlines()[1] == ":speech_balloon: *Disk alert* disk 4 (the latest of 5: 5 other)"


def test_in_a_digest_nothing_is_rendered_in_full(monkeypatch):
    monkeypatch.setattr(RunNotice, "full", lambda *_: pytest.fail("six megabytes of them would take too long"))
    assert counted(said(*(record(failed_run(task=f"Ops/{number}")) for number in range(9)))) == 9


def test_what_cannot_be_said_in_full_still_has_its_line():
    odd = [record(failed_run(task=f"Ops/{number}") | {"result": None}) for number in range(FEW + 1)]
    assert said(*odd).count(":x: *NightlyBatch failed") == FEW + 1
    assert said(odd[0]).startswith("```\n{")
