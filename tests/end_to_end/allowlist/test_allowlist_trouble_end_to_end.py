"""AWS WAF, DynamoDB and the functions themselves in trouble, and many who register at once."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from boto3.dynamodb.types import TypeSerializer

from benchmarks.allowlist.crash import kill_function
from tests.end_to_end.allowlist.allowlisted_site import (
    ALICE,
    ALICES,
    BOB,
    BOBS,
    NOTHING,
    AllowlistedSite,
    allowlisted_site,
    together,
)
from tests.end_to_end.scheduled.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.server.edge import EdgeResponse

CROWD = 40
MAXIMUM = 10_000
"""Of one IP set: https://docs.aws.amazon.com/waf/latest/developerguide/limits.html"""


def entries(site: AllowlistedSite) -> list[str]:
    """The ranges of the table's entries."""
    return [item["cidr"]["S"] for item in site.items if item["kind"]["S"] == "entry"]


def counts(site: AllowlistedSite) -> dict[str, int]:
    """What the table says how many there are, by family, where there are any."""
    found = {item["id"]["S"]: int(item["entries"]["N"]) for item in site.items if item["kind"]["S"] == "count"}
    return {family: number for family, number in found.items() if number}


class TestWaf:
    @pytest.mark.parametrize("operation", ["GetIPSet", "UpdateIPSet"])
    def test_throttles(self, site: AllowlistedSite, operation: str):
        site.cloud.server.waf.throttle(operation, times=3)
        site.register(site.link())
        site.until_let_in(ALICE)

    def test_has_somebody_else_write_at_the_same_moment(self, site: AllowlistedSite):
        site.cloud.server.waf.conflict(times=3)
        site.register(site.link())
        site.until_registered(ALICES)

    @pytest.mark.parametrize("operation", ["GetIPSet", "UpdateIPSet"])
    def test_loses_an_answer(self, site: AllowlistedSite, operation: str):
        before = len(site.healed)
        site.cloud.server.waf.lose_answer(operation)
        site.register(site.link())
        site.until_let_in(ALICE)
        site.minutes_pass(1)
        assert (site.addresses, site.healed[before:]) == (ALICES, [])

    def test_keeps_its_rates(self, site: AllowlistedSite):
        site.cloud.server.waf.limit_rates()
        site.register(site.link())
        site.register(site.link("U0123BOB"), BOB)
        site.until_let_in((*ALICE, *BOB))
        site.say("/allow-me revoke", "U0123BOB")
        until(lambda: site.statuses((*ALICE, *BOB)) == [200, 200, 403, 403])

    def test_shows_a_change_late_and_nothing_is_written_twice(self, site: AllowlistedSite):
        site.cloud.server.waf.propagate_in(60)
        try:
            before = site.cloud.server.usage()
            site.register(site.link())
            site.until_registered(ALICES)
            site.look()
            assert (site.cloud.server.usage() - before).api_calls["wafv2:UpdateIPSet"] == 2
        finally:
            site.cloud.server.waf.propagate_in(0)
        until(lambda: site.statuses() == [200, 200])


class TestTable:
    def test_has_transactions_in_each_others_way(self, site: AllowlistedSite):
        token = site.link()
        site.cloud.server.dynamodb.conflict(times=4)
        assert site.register(token).status == 200
        site.until_registered(ALICES)

    @pytest.mark.parametrize("operation", ["GetItem", "TransactWriteItems"])
    def test_throttles(self, site: AllowlistedSite, operation: str):
        token = site.link()
        site.cloud.server.dynamodb.throttle(operation)
        assert site.register(token).status == 200
        site.until_registered(ALICES)

    def test_loses_the_answer_to_a_registration(self, site: AllowlistedSite):
        token = site.link()
        assert site.request("POST", "/seen", viewer="198.51.100.23", token=token).status == 200
        site.cloud.server.dynamodb.lose_answer("TransactWriteItems")
        assert site.request("POST", "/registrations", viewer="2001:db8:a11c:e::23", token=token).status == 200
        assert (sorted(entries(site)), counts(site)) == ([*ALICES[0], *ALICES[1]], {"4": 1, "6": 1})
        site.until_registered(ALICES)


class TestProjection:
    def test_crashes_between_reading_and_writing(self, site: AllowlistedSite):
        waf = site.cloud.server.waf
        # What the killed process had sent is not to be carried out after its end.
        waf.throttle("UpdateIPSet")
        with waf.hold("UpdateIPSet"):
            site.register(site.link())
            waf.wait_until_held("UpdateIPSet")
            assert kill_function(site.id("AllowlistProjectionFunction")) >= 1
            assert site.addresses == NOTHING
        site.until_registered(ALICES)
        assert counts(site) == {"4": 1, "6": 1}

    def test_cannot_run_for_a_while(self, site: AllowlistedSite):
        function = site.id("AllowlistProjectionFunction")
        site.client("lambda").put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=0)
        try:
            assert site.register(site.link()).status == 200
            assert "198.51.100.23/32" in site.say("/allow-me list")
            assert site.addresses == NOTHING
        finally:
            site.client("lambda").delete_function_concurrency(FunctionName=function)
        site.minutes_pass(1)
        assert site.addresses == ALICES

    def test_misses_no_entry_that_comes_while_it_writes(self, site: AllowlistedSite):
        waf = site.cloud.server.waf
        with waf.hold("UpdateIPSet"):
            site.register(site.link())
            waf.wait_until_held("UpdateIPSet")
            site.register(site.link("U0123BOB"), BOB)
        site.until_registered(together(ALICES, BOBS))


class TestCrowd:
    def test_of_many_at_once_none_is_lost_or_doubled(self, site: AllowlistedSite):
        viewers = [(f"198.51.100.{number}", f"2001:db8:c:{number:x}::1") for number in range(CROWD)]

        def register(both: tuple[str, str]) -> list[EdgeResponse]:
            return [site.register_in_secret(f"build-{viewers.index(both)}", viewer) for viewer in both]

        site.cloud.server.waf.limit_rates()
        site.cloud.server.waf.conflict(times=3)
        before = site.cloud.server.usage()
        with ThreadPoolExecutor(8) as threads:
            answers = [one for both in threads.map(register, viewers) for one in both]
        assert [one.status for one in answers] == [200] * 2 * CROWD
        acknowledged = [json.loads(one.text)["registrations"][0]["cidr"] for one in answers]
        site.until_let_in([viewer for both in viewers for viewer in both])
        assert sorted(address for family in site.addresses for address in family) == sorted(acknowledged)
        assert sorted(entries(site)) == sorted(acknowledged)
        assert counts(site) == {"4": CROWD, "6": CROWD}
        # A handful, however many register: what comes together is written together.
        assert (site.cloud.server.usage() - before).api_calls["wafv2:UpdateIPSet"] < CROWD

    def test_of_many_with_one_link_one_registers(self, site: AllowlistedSite):
        token = site.link()

        def register(number: int) -> EdgeResponse:
            return site.request("POST", "/registrations", viewer=f"2001:db8:c:{number:x}::1", token=token)

        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(register, range(1, 9)))
        assert sorted(one.status for one in answers) == [200] + [409] * 7
        (registered,) = [json.loads(one.text)["registrations"][0]["cidr"] for one in answers if one.status == 200]
        site.until_registered(([], [registered]))
        assert counts(site) == {"6": 1}


class TestFull:
    def test_the_ten_thousand_and_first_is_refused_and_all_others_are_let_in(self, allowlist_assembly: Path):
        with allowlisted_site(allowlist_assembly) as site:
            fill_but_one(site)
            assert site.register_in_secret("last", BOB[0]).status == 200
            site.until_let_in(BOB[:1])
            assert len(site.addresses[0]) == MAXIMUM

            token = site.link()
            refused = site.register(token)
            assert (refused.status, json.loads(refused.text)["error"]["code"]) == (409, "full")
            assert "it has 10000 entries of IPv4, as many as an IP set holds" in refused.text
            assert site.register_in_secret("build-7", "198.51.100.24").status == 409
            told = site.order("add 203.0.113.64/26 office")
            assert told.startswith(":x: Nothing was changed: the allow-list is full")

            # The link was not used up, and there is room for IPv6 and for who has an entry already.
            assert site.request("GET", "/link", viewer=ALICE[1], token=token).status == 200
            assert site.register_in_secret("last", "203.0.113.81").status == 200
            assert site.register_in_secret("build-7", ALICE[1]).status == 200
            site.until_let_in(("203.0.113.81", ALICE[1]))
            ipv4, ipv6 = site.addresses
            assert (len(ipv4), BOBS[0][0] in ipv4, ipv6) == (MAXIMUM, False, ALICES[1])
            assert counts(site) == {"4": MAXIMUM, "6": 1}

            # Room is made once it was swept.
            site.order("revoke secret:last")
            assert site.register_in_secret("build-7", ALICE[0]).status == 409
            site.cloud.server.shift_clocks(site.cloud.server.clock_shift + 6 * 60)
            site.look()
            assert site.register_in_secret("build-7", ALICE[0]).status == 200
            site.until_let_in(ALICE)
            assert len(site.addresses[0]) == MAXIMUM


def fill_but_one(site: AllowlistedSite) -> None:
    """Write entries of IPv4 past the registrar until there is room for one more."""
    ends = int(site.cloud.now.timestamp()) + 86_400
    items: list[dict[str, object]] = []
    for number in range(MAXIMUM - 1):
        cidr = f"8.8.{number // 250}.{number % 250}/32"
        whose = {"owner": f"range:{cidr}", "name": cidr, "note": "", "by": "filling"}
        when = {"registered_at": ends - 90_000, "expires_at": ends}
        items.append({"kind": "entry", "id": f"range:{cidr}#4", "family": 4, "cidr": cidr, **whose, **when})
    serialize = TypeSerializer().serialize
    # It would read all of them again and again meanwhile.
    projection = {"FunctionName": site.id("AllowlistProjectionFunction")}
    site.client("lambda").put_function_concurrency(**projection, ReservedConcurrentExecutions=0)
    for first in range(0, len(items), 25):
        puts = [
            {"PutRequest": {"Item": {name: serialize(value) for name, value in item.items()}}}
            for item in items[first : first + 25]
        ]
        site.dynamodb.batch_write_item(RequestItems={site.table: puts})
    site.client("lambda").delete_function_concurrency(**projection)
    # The projection counts what nobody has counted.
    site.look()
    assert counts(site) == {"4": MAXIMUM - 1}
