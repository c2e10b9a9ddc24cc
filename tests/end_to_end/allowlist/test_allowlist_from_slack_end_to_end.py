"""`/allow-me` and `/allow-list` typed in Slack, and what becomes of the IP sets and of who sees the site."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.allowlist.allowlisted_site import (
    ADMINISTRATOR,
    ALICE,
    ALICES,
    BOB,
    BOBS,
    NOTHING,
    AllowlistedSite,
    together,
)

if TYPE_CHECKING:
    from chatops_local.server.edge import EdgeResponse

MOVED = ("198.51.100.99", "2001:db8:a11c:f::1")
MOVED_ALICES = (["198.51.100.99/32"], ["2001:db8:a11c:f::/64"])


def error_of(response: EdgeResponse) -> tuple[int, str, str]:
    """Of a response that refuses."""
    error = json.loads(response.text)["error"]
    return response.status, error["code"], error["message"]


class TestLink:
    def test_registers_both_families_with_it_and_the_site_lets_them_in(self, site: AllowlistedSite):
        assert site.statuses(ALICE) == [403, 403]
        token = site.link()
        facts = site.answer("GET", "/link", viewer=ALICE[1], token=token)
        assert (facts["name"], facts["valid_for"]) == ("u012alice", 600)
        registered = json.loads(site.register(token).text)["registrations"]
        assert [(one["family"], one["cidr"]) for one in registered] == [(4, *ALICES[0]), (6, *ALICES[1])]
        site.until_registered(ALICES)
        assert site.statuses(ALICE) == [200, 200]
        assert site.statuses(BOB) == [403, 403]

    def test_is_told_to_the_one_who_typed_it_and_stored_nowhere(self, site: AllowlistedSite):
        token = site.link()
        assert token not in json.dumps(site.items)
        assert all(token not in line.message for line in site.cloud.server.function_logs())
        site.register(token)
        assert all(token not in line.message for line in site.cloud.server.function_logs())

    def test_lets_in_who_has_ipv4_alone(self, site: AllowlistedSite):
        url, viewer = site.url, ALICE[0]
        headers = {"Authorization": f"Bearer {site.link()}"}
        answer = site.cloud.server.edge.request("POST", f"{url}/registrations", viewer=viewer, headers=headers)
        assert [one["cidr"] for one in json.loads(answer.text)["registrations"]] == ALICES[0]
        site.until_registered((ALICES[0], []))
        assert site.statuses(ALICE) == [200, 403]

    def test_from_a_new_address_takes_the_old_ones_place(self, site: AllowlistedSite):
        site.register(site.link())
        site.until_registered(ALICES)
        site.register(site.link(), MOVED)
        site.until_registered(MOVED_ALICES)
        assert (site.statuses(ALICE), site.statuses(MOVED)) == ([403, 403], [200, 200])

    def test_from_the_same_address_renews(self, site: AllowlistedSite):
        site.register(site.link())
        site.minutes_pass(8)
        site.register(site.link())
        site.minutes_pass(8)
        assert site.addresses == ALICES
        site.minutes_pass(2)
        assert site.addresses == NOTHING

    def test_is_of_no_use_a_second_time(self, site: AllowlistedSite):
        token = site.link()
        site.register(token)
        status, code, message = error_of(site.register(token, BOB))
        assert (status, code) == (409, "link_used")
        assert ALICE[0] not in message
        assert error_of(site.request("POST", "/registrations", viewer=BOB[1], token=token))[:2] == (409, "link_used")
        site.until_registered(ALICES)
        assert site.statuses(BOB) == [403, 403]

    def test_repeated_by_the_same_browser_within_a_minute_is_answered_alike(self, site: AllowlistedSite):
        token = site.link()
        first = site.register(token)
        items = site.items
        again = site.request("POST", "/registrations", viewer=ALICE[1], token=token)
        assert (again.status, again.text) == (200, first.text)
        assert site.items == items
        site.minutes_pass(2)
        assert error_of(site.request("POST", "/registrations", viewer=ALICE[1], token=token))[:2] == (409, "link_used")

    def test_registers_its_owner_whoever_opens_it(self, site: AllowlistedSite):
        site.register(site.link("U012ALICE"), BOB)
        site.until_registered(BOBS)
        assert "Nothing of yours" in site.say("/allow-me list", "U0123BOB")
        assert BOBS[0][0] in site.say("/allow-me list", "U012ALICE")

    def test_too_old_says_so(self, site: AllowlistedSite):
        token = site.link()
        site.minutes_pass(3)
        for answer in (site.register(token), site.request("POST", "/registrations", viewer=ALICE[1], token=token)):
            assert error_of(answer)[:2] == (410, "link_expired")
        assert site.addresses == NOTHING

    def test_of_nobody_is_not_known(self, site: AllowlistedSite):
        assert error_of(site.register("x" * 43))[:2] == (401, "link_unknown")
        assert site.items == []


class TestOwn:
    def test_list_says_what_one_has_oneself(self, site: AllowlistedSite):
        assert "Nothing of yours is registered" in site.say("/allow-me list")
        site.register(site.link())
        site.register(site.link("U0123BOB"), BOB)
        told = site.say("/allow-me list")
        assert all(cidr in told for family in ALICES for cidr in family)
        assert all(cidr not in told for family in BOBS for cidr in family)

    @pytest.mark.parametrize(
        ("typed", "left"), [("revoke", NOTHING), ("revoke ipv4", ([], ALICES[1])), ("revoke ipv6", (ALICES[0], []))]
    )
    def test_revoke_takes_it_away(self, site: AllowlistedSite, typed: str, left: tuple[list[str], list[str]]):
        site.register(site.link())
        site.until_registered(ALICES)
        assert "Revoked" in site.say(f"/allow-me {typed}")
        site.until_registered(left)

    def test_revoke_of_nothing_says_so(self, site: AllowlistedSite):
        site.register(site.link("U0123BOB"), BOB)
        assert "Nothing of yours is registered" in site.say("/allow-me revoke")
        site.until_registered(BOBS)

    def test_what_is_no_order_changes_nothing(self, site: AllowlistedSite):
        assert "Nothing was changed" in site.say("/allow-me add 0.0.0.0/0")
        assert site.items == []


class TestAdministration:
    def test_adds_a_range_for_a_while(self, site: AllowlistedSite):
        assert "198.51.100.0/24" in site.administer("add 198.51.100.0/24 for 3m office")
        site.until_registered((["198.51.100.0/24"], []))
        assert site.statuses(ALICE) == [200, 403]
        told = site.administer("list")
        assert "*1 registered*, 1 of IPv4, 0 of IPv6." in told
        assert "office" in told
        site.minutes_pass(3)
        assert site.addresses == NOTHING

    def test_lists_everybody_and_how_the_sets_are(self, site: AllowlistedSite):
        site.register(site.link())
        site.register(site.link("U0123BOB"), BOB)
        site.until_registered(together(ALICES, BOBS))
        told = site.administer("list")
        assert "*4 registered*, 2 of IPv4, 2 of IPv6. IP sets in line at" in told
        assert all(cidr in told for cidr in (*ALICES[0], *BOBS[1]))

    @pytest.mark.parametrize("whom", ["<@U012ALICE|alice>", "slack:U012ALICE", "u012alice"])
    def test_revokes_a_person_with_the_links_that_are_unused(self, site: AllowlistedSite, whom: str):
        site.register(site.link())
        unused = site.link()
        site.register(site.link("U0123BOB"), BOB)
        assert "Revoked" in site.administer(f"revoke {whom}")
        site.until_registered(BOBS)
        assert error_of(site.register(unused))[:2] == (410, "link_expired")

    def test_revokes_a_range(self, site: AllowlistedSite):
        site.register(site.link())
        site.administer("revoke 198.51.100.23/32")
        site.until_registered(([], ALICES[1]))

    @pytest.mark.parametrize(
        ("cidr", "why"),
        [
            ("0.0.0.0/0", "give a narrower range"),
            ("::/0", "give a narrower range"),
            ("0.0.0.0/1", "give a narrower range"),
            ("198.48.0.0/12", "give a narrower range"),
            ("2001:d00::/24", "give a narrower range"),
            ("::ffff:198.51.100.0/120", ""),
            ("10.0.0.0/24", "private"),
            ("198.51.100.7/24", ""),
        ],
    )
    def test_adds_nothing_that_is_too_wide_or_not_public(self, site: AllowlistedSite, cidr: str, why: str):
        told = site.administer(f"add {cidr}")
        assert "Nothing was changed" in told
        assert why in told
        assert site.items == []

    def test_is_of_no_use_to_others(self, site: AllowlistedSite):
        sent = site.send("/allow-list add 198.51.100.0/24", "U012ALICE")
        assert "was not run" in sent.ack.text
        assert site.items == []

    def test_is_not_reached_by_a_command_of_everybodys(self, site: AllowlistedSite):
        for typed in ("administration", "revoke slack:U0123BOB", "add 198.51.100.0/24"):
            assert "Nothing was changed" in site.say(f"/allow-me {typed}", ADMINISTRATOR)
        assert site.items == []


class TestTime:
    def test_what_is_over_is_out_at_the_next_timer_and_swept_some_minutes_later(self, site: AllowlistedSite):
        site.register(site.link())
        site.minutes_pass(9)
        assert site.addresses == ALICES
        site.minutes_pass(2)
        assert (site.addresses, site.statuses()) == (NOTHING, [403, 403])
        assert [item["kind"]["S"] for item in site.items].count("entry") == 2
        site.minutes_pass(6)
        assert "entry" not in [item["kind"]["S"] for item in site.items]
        assert {item["entries"]["N"] for item in site.items if item["kind"]["S"] == "count"} == {"0"}

    def test_what_comes_and_goes_in_time_is_nothing_to_heal(self, site: AllowlistedSite):
        site.minutes_pass(1)
        before = len(site.healed)
        site.register(site.link())
        site.minutes_pass(1)
        site.register(site.link(), MOVED)
        site.minutes_pass(1)
        site.administer("add 203.0.113.0/24 for 2m")
        site.administer("add 203.0.113.64/26 for 4m")
        site.say("/allow-me revoke ipv4")
        site.minutes_pass(20)
        assert (site.addresses, site.items) == (NOTHING, [item for item in site.items if item["kind"]["S"] != "entry"])
        assert len(site.healed) == before
