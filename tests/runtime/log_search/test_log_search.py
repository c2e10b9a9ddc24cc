"""The log search function: what it finds, in which order, and what it says of what it could not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import EndpointConnectionError

from tests.runtime.log_search.fake_logs import AT, events, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.runtime.log_search.conftest import Scene

    SceneOf = Callable[..., Scene]

ORDERS, BILLING, MAIL = "/aws/lambda/orders", "/aws/lambda/billing", "/aws/lambda/mail"
TRACE = "1-6734a1b2-0123456789abcdef01234567"
X_RAY = ["1-[0-9a-f]{8}-[0-9a-f]{24}"]

TRACED = {
    ORDERS: events(f"START RequestId: abc-1 Root={TRACE};Parent=1", "no id here"),
    BILLING: events(f"charging {TRACE}", "somebody else", at=AT + 100),
    MAIL: events(f"{TRACE} too late", at=AT + 3_600_000),
}
MANY = {f"/g/{number:03}": events(f"abc-1 in {number}", at=AT + number) for number in range(60)}


def test_lines_of_all_groups_come_in_order_of_time(scene_of: SceneOf):
    scene = scene_of(
        {
            ORDERS: events("abc-1 first", "other", "abc-1 third"),
            BILLING: events("abc-1 second", "abc-1 fourth", at=AT + 500, step=2000),
        }
    )
    result = scene.result()
    assert [line["text"] for line in result["lines"]] == [
        "abc-1 first",
        "abc-1 second",
        "abc-1 third",
        "abc-1 fourth",
    ]
    assert [(group["label"], group["found"], group["finished"]) for group in result["groups"]] == [
        ("orders", 2, True),
        ("billing", 2, True),
    ]
    assert (result["ok"], result["over"], result["left_out"]) == (True, True, 0)


def test_lines_of_one_millisecond_stay_in_their_order(scene_of: SceneOf):
    scene = scene_of({ORDERS: events(*(f"abc-1 {n}" for n in range(9)), step=0)}, page=4)
    assert scene.lines() == [f"abc-1 {n}" for n in range(9)]


@pytest.mark.parametrize("empty", [False, True])
def test_every_page_is_read(scene_of: SceneOf, empty: bool):
    scene = scene_of({ORDERS: events(*["abc-1"] * 25), BILLING: []}, page=2, empty_pages=empty)
    assert len(scene.lines()) == 25


def test_only_the_group_that_was_named(scene_of: SceneOf):
    scene = scene_of({ORDERS: events("abc-1 o"), BILLING: events("abc-1 b")})
    assert scene.lines(arguments={"group": "billing"}) == ["abc-1 b"]
    assert {call["logGroupName"] for call in scene.logs.calls["filter_log_events"]} == {BILLING}


def test_the_window_is_what_was_typed(scene_of: SceneOf):
    scene = scene_of({ORDERS: []})
    scene.result(arguments={"since": "-600", "until": "-60"})
    (call,) = scene.logs.calls["filter_log_events"]
    assert (call["startTime"], call["endTime"]) == (1_763_776_200_123, 1_763_776_740_123)


def test_groups_that_cannot_be_read_are_named_and_the_others_searched(scene_of: SceneOf):
    scene = scene_of(
        {ORDERS: events("abc-1"), BILLING: [], MAIL: []}, always_refused={BILLING: "AccessDeniedException"}
    )
    event = scene.event()
    event["groups"].append({"name": "/gone", "label": "gone"})
    scene.logs.refused[MAIL] = [EndpointConnectionError(endpoint_url="https://x")] * 3
    result = scene.result(groups=event["groups"])
    assert {group["label"]: group["problem"] for group in result["groups"]} == {
        "orders": "",
        "billing": "the search may not read it",
        "mail": "CloudWatch Logs did not answer",
        "gone": "there is no such log group",
    }
    assert result["ok"]
    assert [line["text"] for line in result["lines"]] == ["abc-1"]


def test_nothing_that_can_be_read_is_a_bad_result(scene_of: SceneOf):
    result = scene_of({ORDERS: []}, always_refused={ORDERS: "InvalidOperationException"}).result()
    assert not result["ok"]
    assert result["groups"][0]["problem"] == "it cannot be searched: InvalidOperationException"


@pytest.mark.parametrize("code", ["ThrottlingException", "ServiceUnavailableException"])
def test_what_is_throttled_is_tried_again(scene_of: SceneOf, code: str):
    scene = scene_of({ORDERS: events("abc-1 a", "abc-1 b")}, page=1, refused={ORDERS: [refusal(code)] * 6})
    assert scene.lines() == ["abc-1 a", "abc-1 b"]
    assert scene.clock.now == pytest.approx(0.1 + 0.2 + 0.4 + 0.8 + 1.6 + 2.0)


def test_what_is_not_answered_is_tried_again(scene_of: SceneOf):
    unanswered = [EndpointConnectionError(endpoint_url="https://x")] * 2
    assert scene_of({ORDERS: events("abc-1")}, refused={ORDERS: unanswered}).lines() == ["abc-1"]


def test_what_is_throttled_for_ever_is_given_up_in_time(scene_of: SceneOf):
    scene = scene_of({ORDERS: events("abc-1")}, always_refused={ORDERS: "ThrottlingException"})
    (group,) = scene.result(is_last=True, seconds=20)["groups"]
    assert scene.clock.now == pytest.approx(20)
    assert (group["finished"], group["problem"]) == (False, "")


@pytest.mark.parametrize("text", ['"', "\\ %", "  ", "…"])
def test_what_has_no_letter_and_no_digit_is_not_searched_for(scene_of: SceneOf, text: str):
    scene = scene_of({ORDERS: events("abc")})
    result = scene.result(text)
    assert (result["ok"], result["problem"][:18]) == (False, "there is no letter")
    assert scene.logs.calls == {}


def test_a_window_that_ends_before_it_begins(scene_of: SceneOf):
    result = scene_of({ORDERS: []}).result(arguments={"until": "2025-11-21T00:00:00Z"})
    assert (result["ok"], result["problem"]) == (False, "the time ends before it begins")


def test_errors_are_marked(scene_of: SceneOf):
    scene = scene_of({ORDERS: events("abc-1 fine", "ERROR abc-1 broken")})
    result = scene.result()
    assert [line.get("error", False) for line in result["lines"]] == [False, True]
    assert result["groups"][0]["errors"] == 1


class TestCorrelation:
    def test_lines_with_a_key_of_the_first_hits_belong_to_it(self, scene_of: SceneOf):
        scene = scene_of(TRACED)
        result = scene.result(correlation=X_RAY)
        assert result["keys"] == [TRACE]
        assert [line["text"].split()[0] for line in result["lines"]] == ["START", "charging"]
        assert [group["found"] for group in result["groups"]] == [1, 1, 0]

    def test_it_is_followed_once_and_near_the_hits(self, scene_of: SceneOf):
        scene = scene_of(TRACED)
        scene.result(correlation=X_RAY)
        second = scene.logs.calls["filter_log_events"][3:]
        assert {call["filterPattern"] for call in second} == {f'"{TRACE}"'}
        begin, quarter_of_an_hour = AT - 230_000, 900_000
        assert {(call["startTime"], call["endTime"]) for call in second} == {(begin, AT + quarter_of_an_hour)}
        assert len(second) == 3

    def test_without_patterns_nothing_is_followed(self, scene_of: SceneOf):
        scene = scene_of(TRACED)
        assert scene.result()["keys"] == []
        assert len(scene.logs.calls["filter_log_events"]) == 3

    def test_a_trace_id_that_was_searched_for_is_no_key(self, scene_of: SceneOf):
        scene = scene_of(TRACED)
        result = scene.result(f"Root={TRACE};Parent=53995c3f42cd8ad8;Sampled=1", correlation=X_RAY)
        assert (result["term"], result["keys"]) == (TRACE, [])
        assert [group["found"] for group in result["groups"]] == [1, 1, 1]

    def test_of_a_pattern_with_a_group_the_group_is_the_key(self, scene_of: SceneOf):
        scene = scene_of({ORDERS: events("abc-1 order=420001 x"), BILLING: events("paid 420001")})
        result = scene.result(correlation=[r"order=(\d+)"])
        assert (result["keys"], len(result["lines"])) == (["420001"], 2)

    def test_no_more_than_five_are_followed(self, scene_of: SceneOf):
        scene = scene_of({ORDERS: events(*(f"abc-1 order={n:06}" for n in range(9)))})
        assert len(scene.result(correlation=[r"order=(\d+)"])["keys"]) == 5


class TestInTwoInvocations:
    def test_what_is_not_searched_yet_is_searched_then(self, scene_of: SceneOf):
        scene = scene_of({ORDERS: events(*(f"abc-1 o{n}" for n in range(40))), BILLING: events("abc-1 b")}, page=2)
        scene.logs.on_call = lambda: scene.clock.sleep(1)
        first = scene.answer(seconds=6)
        assert not first["over"]
        assert not first["result"]["over"]
        assert 0 < len(first["result"]["lines"]) < 41
        result = scene.result(is_last=True, cursor=json.loads(json.dumps(first["cursor"])))
        assert len(result["lines"]) == 41
        assert [group["found"] for group in result["groups"]] == [40, 1]
        tokens = [call.get("nextToken") for call in scene.logs.calls["filter_log_events"]]
        assert len(tokens) == len(set(tokens)) + 1

    def test_what_is_not_searched_in_the_end_is_named(self, scene_of: SceneOf):
        scene = scene_of({ORDERS: events(*["abc-1"] * 40), BILLING: []}, page=2)
        scene.logs.on_call = lambda: scene.clock.sleep(1)
        result = scene.result(seconds=6, is_last=True)
        assert result["over"]
        assert [group["finished"] for group in result["groups"]] != [True, True]

    def test_it_goes_on_with_the_keys_of_the_first(self, scene_of: SceneOf):
        scene = scene_of(TRACED)
        calls = iter(range(100))
        scene.logs.on_call = lambda: scene.clock.sleep(1 if next(calls) < 4 else 50)
        first = scene.answer(seconds=6, correlation=X_RAY)
        assert not first["over"]
        scene.logs.on_call = lambda: None
        result = scene.result(is_last=True, correlation=X_RAY, cursor=first["cursor"])
        assert result["keys"] == [TRACE]
        assert [line["text"].split()[0] for line in result["lines"]] == ["START", "charging"]

    def test_what_is_handed_on_fits_into_what_step_functions_takes(self, scene_of: SceneOf):
        long = {f"/{'g' * 500}/{number}": events(*["abc-1 é" * 500] * 60) for number in range(100)}
        scene = scene_of(long, page=50)
        scene.logs.on_call = lambda: scene.clock.sleep(0.01)
        first = scene.answer(seconds=1, insights_above={"groups": 100, "bytes": 0})
        assert not first["over"]
        # https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html; tokens of AWS's are longer.
        assert len(json.dumps(first)) + 100 * 400 < 256 * 1024
        last = scene.answer(is_last=True, cursor=first["cursor"], insights_above={"groups": 100, "bytes": 0})
        assert len(json.dumps(last)) < 256 * 1024
        groups = last["result"]["groups"]
        assert sum(group["found"] for group in groups) == 6_000
        shown = len(last["result"]["lines"])
        assert sum(group["left_out"] for group in groups) == 6_000 - shown


class TestInsights:
    def test_many_groups_are_searched_with_queries_of_fifty(self, scene_of: SceneOf):
        scene = scene_of(MANY)
        assert scene.lines() == [f"abc-1 in {number}" for number in range(60)]
        assert [len(call["logGroupNames"]) for call in scene.logs.calls["start_query"]] == [50, 10]
        assert "filter_log_events" not in scene.logs.calls

    def test_groups_with_much_to_read_are(self, scene_of: SceneOf):
        scene = scene_of({ORDERS: events("abc-1 o"), BILLING: events("abc-1 b", at=AT + 1)}, stored={BILLING: 10**12})
        assert scene.lines() == ["abc-1 o", "abc-1 b"]
        (query,) = scene.logs.calls["start_query"]
        assert query["logGroupNames"] == [BILLING]
        assert {call["logGroupName"] for call in scene.logs.calls["filter_log_events"]} == {ORDERS}

    def test_sizes_that_nobody_tells_change_nothing(self, scene_of: SceneOf):
        scene = scene_of({ORDERS: events("abc-1")}, always_refused={"describe_log_groups": "AccessDeniedException"})
        assert scene.lines() == ["abc-1"]

    def test_groups_that_cannot_be_queried_are_named_and_the_others_searched(self, scene_of: SceneOf):
        scene = scene_of(MANY, always_refused={"/g/007": "AccessDeniedException"})
        groups = [*scene.event()["groups"], {"name": "/g/gone", "label": "gone"}]
        result = scene.result(groups=groups)
        assert len(result["lines"]) == 59
        problems = {group["label"]: group["problem"] for group in result["groups"] if group["problem"]}
        assert problems == {"007": "the search may not read it", "gone": "there is no such log group"}

    def test_too_many_queries_at_once_are_waited_for(self, scene_of: SceneOf):
        scene = scene_of(MANY, refused={"start_query": [refusal("LimitExceededException")] * 3})
        assert len(scene.lines()) == 60

    def test_lines_before_and_after_the_window_are_none(self, scene_of: SceneOf):
        groups = {**MANY, "/g/000": [(AT - 1, "abc-1 early"), (AT, "abc-1 now")]}
        lines = scene_of(groups).lines(arguments={"since": "2025-11-22T01:03:50Z"})
        assert len(lines) == 60
        assert "abc-1 early" not in lines

    def test_rows_beyond_what_is_handed_out_are_counted(self, scene_of: SceneOf, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr("chatops_runtime.log_search.queries.MOST_ROWS", 40)
        result = scene_of(MANY).result()
        assert (result["beyond"], len(result["lines"])) == (10, 50)
        assert result["lines"][0]["text"] == "abc-1 in 10"

    def test_a_query_that_runs_on_is_looked_at_in_the_next_invocation(self, scene_of: SceneOf):
        scene = scene_of(MANY, looks=20)
        first = scene.answer(seconds=5)
        assert not first["over"]
        assert len(first["result"]["lines"]) == 2
        result = scene.result(is_last=True, cursor=first["cursor"])
        assert len(result["lines"]) == 60
        assert len(scene.logs.calls["start_query"]) == 2

    def test_a_query_that_is_not_over_in_the_end_is_stopped(self, scene_of: SceneOf):
        scene = scene_of(MANY, looks=10**6)
        result = scene.result(seconds=10, is_last=True)
        assert scene.logs.stopped == ["query-0", "query-1"]
        assert not any(group["finished"] for group in result["groups"])

    def test_a_query_that_fails_is_named(self, scene_of: SceneOf):
        scene = scene_of(MANY, always_refused={"get_query_results": "MalformedQueryException"})
        result = scene.result()
        assert not result["ok"]
        assert result["groups"][0]["problem"] == "it cannot be searched: MalformedQueryException"


def test_an_event_of_another_version_is_refused(scene_of: SceneOf):
    with pytest.raises(ValueError, match="version 2"):
        scene_of({}).answer(version=2)


def test_what_is_logged_holds_nothing_that_was_typed_or_found(scene_of: SceneOf, capsys: pytest.CaptureFixture[str]):
    scene_of({ORDERS: events("abc-1 secret")}).result()
    line = json.loads(capsys.readouterr().out)
    assert (line["event"], line["found"], line["groups"], line["unreadable"]) == ("log_search", 1, 1, 0)
    assert "abc-1" not in json.dumps(line)
