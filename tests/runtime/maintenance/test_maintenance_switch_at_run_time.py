"""Closing and opening: by whom, how often, at once, and whatever happens to the IP sets meanwhile."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from chatops_runtime.maintenance import metrics
from chatops_runtime.maintenance.invocation import Look, Window, read
from chatops_runtime.maintenance.state import KEPT_IDLE, State
from chatops_runtime.maintenance.store import TRIES, ContentionError
from chatops_runtime.order import Order, UnknownInvocationError
from tests.runtime.ip_sets.fake_waf import aws_error
from tests.runtime.maintenance.switch_double import NOON, SwitchDouble

TIMER = Look("timer")
HOUR = 3600


@pytest.fixture
def double() -> SwitchDouble:
    return SwitchDouble()


def order(text: str, by: str = "taro (U1)", id: str | None = None) -> Order:
    return Order(text, by, id or f"{by}: {text}")


class TestByHand:
    def test_nothing_is_stored_at_first_and_the_site_is_open(self, double: SwitchDouble) -> None:
        double.do(TIMER)
        assert not double.is_closed
        assert double.table.item is None
        assert "The site is open" in double.do(order("status"))

    def test_on_and_off(self, double: SwitchDouble) -> None:
        answer = double.do(order("on new database"))
        assert double.is_closed
        assert "*The site is closed* since" in answer
        assert "until somebody opens it. By taro (U1): new database" in answer
        assert "The site is open" in double.do(order("off", by="hanako (U2)"))
        assert not double.is_closed

    def test_it_ends_by_itself(self, double: SwitchDouble) -> None:
        assert "for 30m from now" in double.do(order("on for 30m"))
        double.time = NOON + 1799
        double.do(TIMER)
        assert double.is_closed
        double.time = NOON + 1800
        double.do(TIMER)
        assert not double.is_closed
        assert "opened. By its planned end" in double.do(order("status"))
        assert double.store.read().healed_at is None

    def test_two_people_at_the_same_moment(self, double: SwitchDouble) -> None:
        double.table.before_put = [lambda: double.switch.close("2", by="hanako (U2)", seconds=None, reason="hers")]
        double.do(order("on for 30m", id="1"))
        changes = double.store.read().changes
        assert [change.id for change in changes] == ["1", "2"]
        assert changes[0].since == changes[1].at
        assert double.is_closed

    def test_the_second_who_opens_is_told_so(self, double: SwitchDouble) -> None:
        double.do(order("on"))
        double.do(order("off"))
        assert "was open already" in double.do(order("off", by="hanako (U2)"))

    def test_a_request_that_comes_again_changes_nothing(self, double: SwitchDouble) -> None:
        double.do(order("on for 30m", id="1"))
        double.do(order("off", id="2"))
        double.time += 60
        assert "heeded before; now: :white_check_mark: The site is open" in double.do(order("on for 30m", id="1"))
        assert not double.is_closed

    def test_an_off_that_changed_nothing_opens_nothing_when_it_comes_again(self, double: SwitchDouble) -> None:
        assert "was open already" in double.do(order("off", id="1"))
        double.do(order("on", id="2"))
        assert "heeded before; now: :construction: *The site is closed*" in double.do(order("off", id="1"))
        assert double.is_closed

    def test_an_off_that_changed_nothing_is_told_as_no_change(self, double: SwitchDouble) -> None:
        double.do(order("off"))
        assert double.store.read().changes == ()
        assert "opened" not in double.do(order("status"))
        assert "outcome" not in double.service.record.facts

    def test_of_those_the_last_are_kept(self, double: SwitchDouble) -> None:
        for number in range(KEPT_IDLE + 1):
            double.do(order("off", id=str(number)))
        state = double.store.read()
        assert [state.knows(str(number)) for number in range(KEPT_IDLE + 1)] == [False, *[True] * KEPT_IDLE]

    def test_what_was_stored_before_that_was_kept(self) -> None:
        text = '{"changes":[],"windows":{},"applied":"","healed_at":null}'
        assert State.from_text(3, text) == State(version=3)

    def test_an_answer_of_the_table_that_is_lost(self, double: SwitchDouble) -> None:
        double.table.lost_answers = 1
        assert "*The site is closed*" in double.do(order("on for 30m"))
        assert len(double.store.read().changes) == 1

    def test_many_at_once_each_leave_their_change(self, double: SwitchDouble) -> None:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda n: double.switch.close(str(n), by="x", seconds=None, reason=""), range(8)))
        assert {change.id for change in double.store.read().changes} == set(map(str, range(8)))
        assert int(double.table.item["version"]["N"]) == 8  # type: ignore[index]

    def test_somebody_who_writes_each_time_in_between(self, double: SwitchDouble) -> None:
        def other(n: int) -> None:
            double.table.before_put.clear()
            double.switch.close(f"other {n}", by="x", seconds=None, reason="")
            double.table.before_put.append(lambda: other(n + 1))

        double.table.before_put.append(lambda: other(0))
        with pytest.raises(ContentionError, match=f"{TRIES} times"):
            double.switch.close("1", by="x", seconds=None, reason="")

    @pytest.mark.parametrize("text", ["", "status", "on for", "help"])
    def test_what_changes_nothing_writes_nothing(self, double: SwitchDouble, text: str) -> None:
        double.do(order(text))
        assert double.table.puts == 0
        assert double.waf.updates == []

    def test_nobody_is_pinged(self, double: SwitchDouble) -> None:
        answer = double.do(order("on <!channel> `x`", by="<!here> (U1)"))
        assert "<!channel>" not in answer
        assert "<!here>" not in answer
        assert "&lt;!channel&gt;" in answer


class TestWindows:
    NOON_TEXT = "2026-11-22T12:00:00Z"

    def window(self, seconds: int = HOUR, name: str = "Sunday", at: str = NOON_TEXT) -> Window:
        return Window(name, at, seconds)

    def test_it_begins_and_ends(self, double: SwitchDouble) -> None:
        double.do(self.window())
        assert double.is_closed
        assert "By window Sunday" in double.do(order("status"))
        double.time = NOON + HOUR
        double.do(TIMER)
        assert not double.is_closed

    def test_who_opens_within_it_is_not_closed_by_a_second_delivery(self, double: SwitchDouble) -> None:
        double.do(self.window())
        double.do(order("off"))
        double.do(self.window())
        assert not double.is_closed

    def test_one_that_is_delivered_after_its_end_is_over(self, double: SwitchDouble) -> None:
        double.time = NOON + HOUR
        double.do(self.window())
        assert double.table.item is None

    def test_one_that_is_delivered_late_ends_in_time(self, double: SwitchDouble) -> None:
        double.time = NOON + 600
        double.do(self.window())
        assert double.store.read().changes[0].until == NOON + HOUR

    @pytest.mark.parametrize("text", ["on", "on for 2h"])
    def test_it_shortens_nothing(self, double: SwitchDouble, text: str) -> None:
        double.do(order(text))
        double.do(self.window())
        assert double.store.read().changes[0].by == "taro (U1)"

    def test_it_lengthens_what_would_end_within_it(self, double: SwitchDouble) -> None:
        double.do(order("on for 30m"))
        double.do(self.window())
        assert double.store.read().changes[0].until == NOON + HOUR

    def test_the_next_one_begins_again(self, double: SwitchDouble) -> None:
        double.do(self.window())
        double.time = NOON + 7 * 86_400
        double.do(self.window(at="2026-11-29T12:00:00Z"))
        assert double.is_closed


class TestHealing:
    @pytest.mark.parametrize("why", ["timer", "stack"])
    def test_what_a_deployment_reset(self, double: SwitchDouble, why: str) -> None:
        double.do(order("on for 30m"))
        double.waf.reset()
        assert not double.is_closed
        double.time += 30
        double.do(Look(why))
        assert double.is_closed
        assert double.service.record.level == "WARN"
        assert double.service.record.facts["outcome"] == "healed"
        assert "changed by somebody else and were put right at" in double.do(order("status"))

    def test_what_was_closed_by_hand(self, double: SwitchDouble) -> None:
        double.do(TIMER)
        double.waf.sets[next(iter(double.waf.sets))].put(["0.0.0.0/1"], None, double.time)
        double.do(TIMER)
        assert not double.is_closed
        assert double.service.record.facts["outcome"] == "healed"

    def test_the_status_tells_before_it_is_healed(self, double: SwitchDouble) -> None:
        double.do(order("on"))
        double.waf.reset()
        assert "not as they should be; within a minute they are put right" in double.do(order("status"))
        assert not double.is_closed

    def test_nothing_to_heal_writes_nothing(self, double: SwitchDouble) -> None:
        double.do(order("on"))
        puts, updates = double.table.puts, len(double.waf.updates)
        double.do(TIMER)
        assert (double.table.puts, len(double.waf.updates)) == (puts, updates)
        assert double.service.record.facts["closed"] is True


class TestTroubleWithWaf:
    def test_conflicts_and_lost_answers_pass(self, double: SwitchDouble) -> None:
        double.waf.failures["update_ip_set"] = ["WAFOptimisticLockException", "lost answer", "ThrottlingException"]
        assert ":warning:" not in double.do(order("on"))
        assert double.is_closed

    def test_an_outage_is_told_and_made_up_for_without_calling_it_healed(self, double: SwitchDouble) -> None:
        double.waf.failures["update_ip_set"] = ["WAFInternalErrorException"] * 100
        assert ":warning: This is stored, but AWS WAF has not taken it yet (PairBehindError)" in double.do(order("on"))
        assert double.service.record.level == "ERROR"
        double.waf.failures.clear()
        double.do(TIMER)
        assert double.is_closed
        assert "outcome" not in double.service.record.facts

    def test_a_missing_permission_is_told_whoever_asks(self, double: SwitchDouble) -> None:
        double.waf.failures["get_ip_set"] = ["AccessDeniedException"] * 3
        assert "(AccessDeniedException)" in double.do(order("on"))
        assert "IP sets: unknown, AccessDeniedException" in double.do(order("status"))

    def test_the_timer_fails_so_that_it_is_seen(self, double: SwitchDouble) -> None:
        double.waf.failures["get_ip_set"] = ["AccessDeniedException"]
        with pytest.raises(type(aws_error("X", "Y"))):
            double.do(TIMER)
        assert double.service.record.followed is False


class TestMetrics:
    def on_and_overdue(self, double: SwitchDouble, *, followed: bool = True) -> tuple[bool, bool]:
        state = double.store.read()
        return (
            metrics.perhaps_closed(state, double.time, followed=followed),
            metrics.overdue(state, double.time, followed=followed, longest=4 * HOUR),
        )

    def test_open(self, double: SwitchDouble) -> None:
        assert self.on_and_overdue(double) == (False, False)
        assert self.on_and_overdue(double, followed=False) == (False, False)

    def test_closed_without_an_end(self, double: SwitchDouble) -> None:
        double.do(order("on"))
        double.time = NOON + 2 * HOUR
        double.do(order("on", id="again"))
        double.do(order("on", id="and again"))
        double.time = NOON + 4 * HOUR
        assert self.on_and_overdue(double) == (True, False)
        double.time += 1
        assert self.on_and_overdue(double) == (True, True)

    def test_closed_with_an_end_that_did_not_reach_waf(self, double: SwitchDouble) -> None:
        double.do(order("on for 10h"))
        double.time = NOON + 9 * HOUR
        assert self.on_and_overdue(double) == (True, False)
        double.time = NOON + 10 * HOUR
        assert self.on_and_overdue(double, followed=False) == (True, True)

    def test_the_line_is_what_cloudwatch_reads(self, double: SwitchDouble) -> None:
        line = metrics.embedded("Edge", double.store.read(), NOON, followed=True, longest=HOUR)
        assert line["_aws"] == {
            "Timestamp": int(NOON * 1000),
            "CloudWatchMetrics": [
                {
                    "Namespace": "ChatOpsConstructs/Maintenance",
                    "Dimensions": [["Switch"]],
                    "Metrics": [
                        {"Name": "MaintenanceOn", "Unit": "Count"},
                        {"Name": "MaintenanceOverdue", "Unit": "Count"},
                    ],
                }
            ],
        }
        assert (line["Switch"], line["MaintenanceOn"], line["MaintenanceOverdue"]) == ("Edge", 0, 0)


class TestInvocations:
    def test_of_a_command(self) -> None:
        event = {
            "version": 1,
            "command": "/maintenance",
            "text": "on",
            "team_id": "T1",
            "user": {"id": "U1", "name": "taro"},
            "channel": {"id": "C1", "name": "ops"},
            "request_id": "abc",
        }
        assert read(event, "lambda's") == Order("on", "taro (U1)", "abc")

    def test_of_others(self) -> None:
        assert read({"version": 1, "kind": "timer"}, "1") == Look("timer")
        assert read({"version": 1, "kind": "order", "text": "off", "by": "pipeline"}, "1") == Order(
            "off", "pipeline", "1"
        )
        window = {"version": 1, "kind": "window", "window": "S", "scheduled_at": "2026-11-22T12:00:00Z", "seconds": 60}
        assert read(window, "1") == Window("S", "2026-11-22T12:00:00Z", 60)

    @pytest.mark.parametrize(
        "event",
        [
            None,
            [],
            {},
            {"kind": "timer"},
            {"version": 2, "kind": "timer"},
            {"version": 1},
            {"version": 1, "kind": "on"},
            {"version": 1, "kind": "order", "text": "on"},
            {"version": 1, "kind": "order", "text": "on", "by": " "},
            {"version": 1, "kind": "order", "text": 1, "by": "x"},
            {"version": 1, "kind": "order", "text": "on", "by": "x", "id": ""},
        ],
    )
    def test_what_is_none(self, event: object) -> None:
        with pytest.raises(UnknownInvocationError):
            read(event, "1")
