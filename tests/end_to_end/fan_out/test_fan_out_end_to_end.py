"""A producer → topic → queue → consumers, a few at a time: each job once, none lost."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.end_to_end.fan_out.conftest import Line


def jobs(name: str, count: int, **body: Any) -> list[dict[str, Any]]:
    return [{"body": {"name": name, "number": number, **body}} for number in range(count)]


def ran(of: Line, name: str) -> list[dict[str, Any]]:
    return [one for one in of.ran() if one["body"].get("name") == name]


def numbers(of: Line, name: str) -> list[int]:
    return sorted(one["body"]["number"] for one in ran(of, name))


def test_each_job_is_done_once(line: Callable[[str], Line]) -> None:
    calls = line("Calls")
    assert calls.publish(*jobs("plain", 23)) == 23
    calls.until_empty()
    assert numbers(calls, "plain") == list(range(23))
    assert {one["attempt"] for one in ran(calls, "plain")} == {1}


def test_what_is_published_twice_is_done_once(line: Callable[[str], Line]) -> None:
    calls = line("Calls")
    for _ in range(2):
        calls.publish(*jobs("twice", 4))
        calls.until_empty()
    assert numbers(calls, "twice") == [0, 1, 2, 3]
    calls.publish(*jobs("twice", 4), run="the next day")
    calls.until_empty()
    assert Counter(numbers(calls, "twice")) == Counter([0, 1, 2, 3] * 2)


def test_what_is_delivered_twice_at_a_time_is_done_once(line: Callable[[str], Line]) -> None:
    calls = line("Calls")
    calls.publish(*[{"body": {"name": "same", "number": 0, "takes": 0.5}, "key": "same"}] * 8)
    calls.until_empty()
    assert numbers(calls, "same") == [0]
    assert sum(one["Duplicates"] for one in calls.outcomes()) >= 7


def test_one_that_fails_holds_up_none_and_comes_back_from_the_dead_by_a_command(
    line: Callable[[str], Line], tmp_path: Path
) -> None:
    calls = line("Calls")
    broken = tmp_path / "broken"
    broken.touch()
    poison = {"body": {"name": "poison", "number": 99, "fails_while": str(broken)}}
    calls.publish(*jobs("poison", 4), poison)
    calls.until(lambda: calls.count("DeadLetters") == 1)
    assert Counter(numbers(calls, "poison")) == Counter([0, 1, 2, 3, 99, 99])
    assert [one["attempt"] for one in ran(calls, "poison") if one["body"]["number"] == 99] == [1, 2]

    assert "Calls: 0 waiting, 0 in flight, 1 dead." in said(calls, "/calls status")
    broken.unlink()
    assert "1 dead one goes back into the queue" in said(calls, "/calls redrive")
    calls.until_empty()
    assert numbers(calls, "poison")[-3:] == [99, 99, 99]
    assert calls.count("DeadLetters") == 0
    assert "none is dead" in said(calls, "/calls redrive")


def test_what_a_crash_interrupted_is_done_and_what_was_done_before_is_not_done_again(
    line: Callable[[str], Line], tmp_path: Path
) -> None:
    calls = line("Calls")
    trap = tmp_path / "trap"
    trap.touch()
    batch = [*jobs("crash", 2), {"body": {"name": "crash", "number": 7, "crashes_if": str(trap)}}, *jobs("after", 2)]
    calls.publish(*batch)
    calls.until(lambda: len(numbers(calls, "crash")) >= 4)
    calls.until_empty()
    assert numbers(calls, "crash") == [0, 1, 7, 7]
    assert numbers(calls, "after") == [0, 1]
    assert calls.count("DeadLetters") == 0


def test_a_rate_is_held(line: Callable[[str], Line]) -> None:
    rated = line("Rated")
    rated.publish(*jobs("rated", 25))
    rated.until_empty()
    assert numbers(rated, "rated") == list(range(25))
    reserved = sorted(one["at"] for one in ran(rated, "rated"))
    # The slots are a tenth of a second apart and more; what this machine adds to each beginning is not the rate's.
    assert reserved[-1] - reserved[0] >= 24 * 0.1


def test_everything_with_a_key(line: Callable[[str], Line]) -> None:
    keyed = line("Keyed")
    keyed.publish(*jobs("keyed", 6))
    keyed.until_empty()
    assert numbers(keyed, "keyed") == list(range(6))


def test_a_consumer_of_ones_own_gets_sqs_events(line: Callable[[str], Line]) -> None:
    raw = line("Raw")
    raw.publish(*jobs("raw", 3), {"body": {"name": "raw", "number": 9, "fails": True}, "key": "mine"})
    raw.until_empty()
    assert numbers(raw, "raw") == [0, 1, 2, 9, 9]
    assert {one["job"] for one in ran(raw, "raw") if one["body"]["number"] == 9} == {"mine"}


def test_an_alarm_goes_off_while_what_waits_is_not_done(line: Callable[[str], Line]) -> None:
    calls = line("Calls")
    aws = calls.cloud.server.client("lambda")
    (source,) = [one for one in aws.list_event_source_mappings()["EventSourceMappings"] if calls.feeds(one)]

    def drain_time() -> str:
        return calls.cloud.server.evaluate_alarms()[calls["DrainTime"]]

    assert drain_time() == "OK"
    aws.update_event_source_mapping(UUID=source["UUID"], Enabled=False)
    calls.publish(*jobs("late", 4))
    calls.until(lambda: calls.count() == 4)
    # What was done before is more than five minutes ago.
    assert calls.cloud.server.evaluate_alarms(later=timedelta(minutes=6))[calls["DrainTime"]] == "ALARM"
    aws.update_event_source_mapping(UUID=source["UUID"], Enabled=True)
    calls.until_empty()
    assert drain_time() == "OK"


def test_what_is_no_job_comes_to_the_dead_letters(line: Callable[[str], Line]) -> None:
    calls = line("Calls")
    calls.cloud.server.client("sns").publish(TopicArn=calls["Topic"], Message="not JSON {")
    calls.until(lambda: calls.count("DeadLetters") == 1)
    sqs = calls.cloud.server.client("sqs")
    (message,) = sqs.receive_message(QueueUrl=calls["DeadLetters"])["Messages"]
    assert message["Body"] == "not JSON {"
    sqs.delete_message(QueueUrl=calls["DeadLetters"], ReceiptHandle=message["ReceiptHandle"])


def test_nothing_was_denied(line: Callable[[str], Line]) -> None:
    """Last of all: whatever the others did, every permission that it took is there."""
    denied = [one for one in line("Calls").cloud.server.decisions() if not one.allowed]
    assert not denied, json.dumps([str(one) for one in denied], indent=1)


def said(of: Line, command: str) -> str:
    sent = of.cloud.slack.send(command)
    assert sent.ack.ok
    (message,) = sent.wait(60)
    return str(message.shown)
