"""The projection: follows, forgets what is over, tells what others have changed, keeps the counts right."""

from __future__ import annotations

from typing import Any

import pytest

from chatops_runtime.allowlist import standing
from chatops_runtime.contracts.ip_ranges import MAXIMUM
from tests.runtime.allowlist.allowlist_double import ARN, IPV4, IPV6, AllowlistDouble
from tests.runtime.ip_sets.fake_waf import V4

LINE = "2001:db8:1:2::/64"
MINUTE = 60


@pytest.fixture
def double() -> AllowlistDouble:
    return AllowlistDouble()


def register(double: AllowlistDouble, *sources: str, arn: str = ARN) -> None:
    for source in sources:
        assert double.http("POST", "/iam/registrations", arn=arn, source=source)[0] == 200


def in_line(double: AllowlistDouble) -> None:
    """The sets are in line, and what was registered is no news any more."""
    double.look()
    double.time += MINUTE
    double.look()


def test_follows(double: AllowlistDouble) -> None:
    register(double, IPV4, IPV6)
    look = double.look()
    assert double.waf.networks == {f"{IPV4}/32", LINE}
    assert look.facts == {
        "ipv4": 1,
        "ipv6": 1,
        "added": (f"{IPV4}/32", LINE),
        "added_ranges": 2,
        "swept": None,
        "corrected_counts": None,
    }
    assert look.fuller == 1


def test_an_entry_that_has_expired_goes_and_is_swept_later(double: AllowlistDouble) -> None:
    register(double, IPV6)
    in_line(double)
    double.time += 36_000 - MINUTE - 1
    double.look()
    assert double.waf.networks == {LINE}
    double.time += 1
    look = double.look()
    assert double.waf.networks == set()
    assert "healed" not in look.facts
    assert double.entries() != {}
    double.time += 300
    assert double.look().facts["swept"] == 1
    assert double.entries() == {}
    assert double.count(6) == 0


def test_what_is_renewed_while_it_is_swept_stays(double: AllowlistDouble) -> None:
    register(double, IPV6)
    register(double, IPV6, arn=f"{ARN}-2")
    double.time += 36_400
    # The first write notes the standing; the second is the sweep.
    double.dynamodb.before_write = [lambda: None, lambda: register(double, IPV6)]
    assert double.look().facts["swept"] == 1
    assert list(double.entries()) == [f"iam:{ARN}#6"]
    assert double.count(6) == 1


def test_a_revoked_entry_goes_at_once_and_leaves_a_trace(double: AllowlistDouble) -> None:
    register(double, IPV4, IPV6)
    in_line(double)
    double.http("DELETE", "/iam/registrations", arn=ARN, query={"family": "4"})
    item = double.dynamodb.items["entry", f"iam:{ARN}#4"]
    assert item["ended_at"] == item["expires_at"] == {"N": str(int(double.time))}
    assert item["ended_by"] == {"S": "assumed-role/Developer/alice"}
    look = double.look()
    assert double.waf.networks == {LINE}
    assert "healed" not in look.facts
    double.time += 300
    double.look()
    assert (double.count(4), double.count(6)) == (0, 1)


def test_a_replaced_address_is_no_healing(double: AllowlistDouble) -> None:
    register(double, IPV4)
    in_line(double)
    register(double, "198.51.100.8")
    look = double.look()
    assert double.waf.networks == {"198.51.100.8/32"}
    assert "healed" not in look.facts


def test_a_wider_range_that_comes_and_goes_is_no_healing(double: AllowlistDouble) -> None:
    register(double, IPV4)
    in_line(double)
    double.order("add 198.51.100.0/24 for 1h")
    look = double.look()
    assert double.waf.networks == {"198.51.100.0/24"}
    assert "healed" not in look.facts
    double.time += 3600
    look = double.look()
    assert double.waf.networks == {f"{IPV4}/32"}
    assert "healed" not in look.facts


class TestHealing:
    def test_a_deployment_that_empties_the_sets(self, double: AllowlistDouble) -> None:
        register(double, IPV4, IPV6)
        in_line(double)
        double.waf.reset()
        look = double.look()
        assert double.waf.networks == {f"{IPV4}/32", LINE}
        assert (look.level, look.facts["outcome"]) == ("WARN", "healed")
        assert look.facts["healed"] == [f"+{IPV4}/32", f"+{LINE}"]
        stored = standing.read(double.table)
        assert stored.healed_at == stored.in_line_since == stored.in_line_at == double.time
        assert stored.healed == (f"+{IPV4}/32", f"+{LINE}")

    def test_an_address_that_was_put_in_by_hand(self, double: AllowlistDouble) -> None:
        register(double, IPV4)
        in_line(double)
        double.waf.sets[V4].put([f"{IPV4}/32", "8.8.8.8/32"], None, double.time)
        look = double.look()
        assert double.waf.networks == {f"{IPV4}/32"}
        assert look.facts["healed"] == ["-8.8.8.8/32"]

    def test_it_is_told_of_beside_ordinary_changes(self, double: AllowlistDouble) -> None:
        register(double, IPV4)
        in_line(double)
        register(double, IPV6)
        double.waf.reset()
        look = double.look()
        assert look.facts["healed"] == [f"+{IPV4}/32"]
        assert double.waf.networks == {f"{IPV4}/32", LINE}

    def test_a_reset_right_after_a_registration(self, double: AllowlistDouble) -> None:
        register(double, IPV4, IPV6)
        double.look()
        double.time += 2
        register(double, "198.51.100.9", arn=f"{ARN}-2")
        double.waf.reset()
        look = double.look()
        assert look.facts["healed"] == [f"+{IPV4}/32", f"+{LINE}"]
        assert double.waf.networks == {f"{IPV4}/32", "198.51.100.9/32", LINE}

    def test_what_is_registered_again_right_away_is_no_healing(self, double: AllowlistDouble) -> None:
        register(double, IPV4)
        double.look()
        double.time += 1
        double.http("DELETE", "/iam/registrations", arn=ARN)
        double.look()
        double.time += 1
        register(double, IPV4)
        assert "healed" not in double.look().facts

    def test_an_ordinary_change_that_could_not_be_noted_is_no_healing(self, double: AllowlistDouble) -> None:
        register(double, IPV4)
        double.look()
        double.time += 1
        double.http("DELETE", "/iam/registrations", arn=ARN)
        double.dynamodb.failures["transact_write_items"] = ["TransactionConflict"] * 1000
        assert "untidy" in double.look().facts
        assert double.waf.networks == set()
        double.dynamodb.failures.clear()
        register(double, IPV4)
        assert "healed" not in double.look().facts

    def test_an_entry_that_was_long_under_way_is_no_healing(self, double: AllowlistDouble) -> None:
        register(double, IPV4)
        item = double.dynamodb.items.pop(("entry", f"iam:{ARN}#4"))
        double.time += 25
        double.look()
        double.dynamodb.items["entry", f"iam:{ARN}#4"] = item
        look = double.look()
        assert double.waf.networks == {f"{IPV4}/32"}
        assert "healed" not in look.facts

    def test_nothing_is_healed_before_the_first_look(self, double: AllowlistDouble) -> None:
        double.waf.sets[V4].put(["8.8.8.8/32"], None, double.time)
        look = double.look()
        assert double.waf.networks == set()
        assert "healed" not in look.facts

    def test_in_line_since(self, double: AllowlistDouble) -> None:
        in_line(double)
        began = double.time - MINUTE
        stored = standing.read(double.table)
        assert (stored.in_line_since, stored.in_line_at) == (began, double.time)

    def test_an_older_look_does_not_take_the_place_of_a_later_one(self, double: AllowlistDouble) -> None:
        double.look()
        double.time -= 10
        double.look()
        assert standing.read(double.table).in_line_at == double.time + 10


class TestCounts:
    def drift(self, double: AllowlistDouble, entries: int) -> None:
        double.dynamodb.items["count", "6"]["entries"] = {"N": str(entries)}

    @pytest.mark.parametrize("wrong", [0, 7, MAXIMUM])
    def test_put_right(self, double: AllowlistDouble, wrong: int) -> None:
        register(double, IPV6)
        self.drift(double, wrong)
        assert double.look().facts["corrected_counts"] == [6]
        assert double.count(6) == 1
        assert double.look().facts["corrected_counts"] is None

    def test_an_item_that_was_deleted_by_hand(self, double: AllowlistDouble) -> None:
        register(double, IPV6)
        del double.dynamodb.items["entry", f"iam:{ARN}#6"]
        double.look()
        assert double.count(6) == 0

    def test_without_an_item(self, double: AllowlistDouble) -> None:
        register(double, IPV6)
        del double.dynamodb.items["count", "6"]
        double.look()
        assert double.count(6) == 1

    def test_not_while_entries_come(self, double: AllowlistDouble) -> None:
        register(double, IPV6)
        self.drift(double, 7)
        double.dynamodb.before_write = [lambda: None, lambda: register(double, IPV6, arn=f"{ARN}-2")]
        assert double.look().facts["corrected_counts"] is None
        assert double.count(6) == 8
        double.look()
        assert double.count(6) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"cidr": {"S": "0.0.0.0/0"}},
        {"cidr": {"S": "8.8.8.8"}},
        {"cidr": {"N": "8"}},
        {"expires_at": {"S": "tomorrow"}},
        {"previous": {"S": "?"}},
        {"owner": None},
    ],
)
def test_an_item_that_somebody_wrote_wrongly_stops_nobody_else(double: AllowlistDouble, change: dict[str, Any]) -> None:
    register(double, IPV4)
    register(double, IPV4, arn=f"{ARN}-2")
    item = {**double.dynamodb.items["entry", f"iam:{ARN}-2#4"], "id": {"S": "hand#4"}, **change}
    double.dynamodb.items["entry", "hand#4"] = {name: value for name, value in item.items() if value is not None}
    look = double.look()
    assert double.waf.networks == {f"{IPV4}/32"}
    assert (look.level, look.facts["unreadable"]) == ("ERROR", ["hand#4"])
    assert double.count(4) == 3
    assert "2 registered" in double.order("list")


def test_many_pages_and_many_to_sweep(double: AllowlistDouble) -> None:
    for number in range(120):
        register(double, f"8.8.{number // 100}.{number % 100}", arn=f"{ARN}-{number}")
    double.look()
    assert len(double.waf.networks) == 120
    double.time += 36_000 + 300
    assert double.look().facts["swept"] == 120
    assert (double.waf.networks, double.entries(), double.count(4)) == (set(), {}, 0)


def test_a_table_that_is_too_busy_to_be_tidied(double: AllowlistDouble) -> None:
    register(double, IPV6)
    double.dynamodb.failures["transact_write_items"] = ["TransactionConflict"] * 1000
    look = double.look()
    assert look.followed
    assert "busy" in look.facts["untidy"]
    assert double.waf.networks == {LINE}
