"""Whatever is published, it fits into Slack's limits, pings nobody and is counted."""

import json
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from chatops_runtime.console import LONGEST
from chatops_runtime.notifier.composition import compose
from chatops_runtime.notifier.notice import LEAST_ROOM, LONGEST_LINE
from chatops_runtime.notifier.reading import read
from chatops_runtime.slack.text_budget import MESSAGE, units
from tests.runtime.notifier.notices import alarm, raw, record, run
from tests.runtime.notifier.test_notifier_digest import counted
from tests.runtime.reports import instance, run_command

NASTY = st.text(st.sampled_from("ab &<>*_`|\n🚀再\u0301\u202e\x1b[!@#"), max_size=60)
LONG = st.builds(lambda text, times: text * times, NASTY, st.sampled_from([1, 1, 50, 1_000]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | LONG,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NASTY, inner, max_size=3),
    max_leaves=8,
)
STATES = st.sampled_from(["ALARM", "OK", "INSUFFICIENT_DATA"]) | NASTY
ALARM = st.builds(
    lambda state, name, changes: {**alarm(state, name), **changes},
    STATES,
    LONG,
    st.dictionaries(st.sampled_from(list(alarm())[1:]), JSON),
)
INSTANCE = st.builds(
    instance,
    st.integers(1, 99),
    name=NASTY,
    status=st.sampled_from(["Success", "Failed", "Undeliverable"]) | NASTY,
    stdout=LONG,
    stderr=LONG,
    stdout_cut=st.booleans(),
)
OFFLINE = st.fixed_dictionaries({"instance_id": NASTY, "name": NASTY, "status": NASTY})
RESULT = st.builds(
    lambda instances, offline, group: run_command(*instances, offline=offline, log_group=group),
    st.lists(INSTANCE, max_size=30),
    st.lists(OFFLINE, max_size=30),
    st.none() | LONG,
)
RUN = st.builds(
    lambda outcome, subject, changes, result: {**run(outcome, subject, result=result), **changes},
    st.sampled_from(["succeeded", "failed", "error", "ended", "skipped", "alarm"]) | NASTY,
    LONG,
    st.dictionaries(st.sampled_from([*run(""), "error", "cause", "other", "alarm", "reason"]), JSON),
    RESULT,
)
RECORD = st.builds(
    lambda published, subject, second: record(published, subject=subject, second=second),
    ALARM | RUN | JSON | LONG,
    st.none() | LONG,
    st.integers(0, 3_599),
) | st.builds(raw, LONG)
# What Slack acts on: https://docs.slack.dev/messaging/formatting-message-text. Links and dates are ours.
ACTIVE = re.compile(r"<(?!!date\^\d+\^\{date_short_pretty\} \{time_secs\}\||https://console\.)")


@given(RECORD)
@settings(max_examples=300, deadline=None)
def test_one_notice(message):
    notice = read(message)
    for room in (LEAST_ROOM, MESSAGE):
        said = notice.full(room)
        assert said
        assert units(said) <= room
        assert not ACTIVE.search(said)
    assert "\n" not in notice.line
    assert units(notice.line) <= LONGEST_LINE + LONGEST + 20
    assert not ACTIVE.search(notice.line)


@given(st.lists(RECORD, min_size=1, max_size=60))
@settings(max_examples=60, deadline=None)
def test_one_batch(messages):
    message = compose(messages)
    assert units(message.text) <= MESSAGE
    assert not ACTIVE.search(message.text)
    if len(messages) > 3:
        assert counted(message.text) == len(messages)
    posted = message.for_conversation("C0123OPS")
    assert posted["unfurl_links"] is False
    json.dumps(posted).encode()


HUGE = "&🚀 " * 9_000


def test_an_alarm_with_the_longest_of_everything():
    published = alarm(**{key: HUGE for key, value in alarm().items() if isinstance(value, str)})
    published["AlarmArn"] = f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:{'x' * 900}"
    published["Trigger"] = {"MetricName": HUGE, "Namespace": HUGE, "Dimensions": [{"name": HUGE, "value": HUGE}] * 30}
    notice = read(record(published))
    assert notice.full(LEAST_ROOM).startswith(":grey_question:")
    assert 3_000 < units(notice.full(LEAST_ROOM)) <= LEAST_ROOM


def test_a_run_with_the_longest_of_everything():
    longest = [instance(number, name=HUGE, status="F" + HUGE, stdout=HUGE, stderr=HUGE) for number in range(60)]
    offline = [{"instance_id": HUGE, "name": HUGE, "status": HUGE}] * 60
    result = run_command(*longest, offline=offline, log_group="&" * 600, command_id="&" * 60)
    execution = f"arn:aws:states:us-east-1:123456789012:execution:{'x' * 850}"
    said = read(record(run("failed", HUGE, task=HUGE, id=HUGE, execution=execution, result=result))).full(LEAST_ROOM)
    assert said.startswith(":x:")
    assert units(said) <= LEAST_ROOM
    for outcome in ("error", "ended", "skipped", "alarm"):
        details = {"error": HUGE, "cause": HUGE, "other": HUGE, "alarm": HUGE, "reason": HUGE}
        said = read(record(run(outcome, HUGE, task=HUGE, **details))).full(LEAST_ROOM)
        assert not said.startswith(":speech_balloon:")
        assert units(said) <= LEAST_ROOM


def test_a_digest_with_the_longest_of_everything():
    records = [record(alarm(f"{number:02}{HUGE}", f"{number}{HUGE}")) for number in range(60)]
    text = compose(records).text
    assert MESSAGE - 1_500 < units(text) <= MESSAGE
    assert counted(text) == 60
