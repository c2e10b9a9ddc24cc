"""Signed requests, the shared secret, and what strangers try on the two hosts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.server.edge import UnreachableError
from tests.end_to_end.allowlist.allowlisted_site import (
    ALICE,
    ALICES,
    BOB,
    BOBS,
    EDGE,
    NOTHING,
    OPS,
    SHARED_SECRET_PARAMETER,
    AllowlistedSite,
)

if TYPE_CHECKING:
    from chatops_local.server import Credentials
    from chatops_local.server.edge import EdgeResponse

SIGNED = "/iam/registrations"
CLAIMS = {
    "CloudFront-Viewer-Address": f"{BOB[0]}:443",
    "Forwarded": f"for={BOB[0]};proto=https",
    "True-Client-IP": BOB[0],
    "X-Forwarded-For": f"{BOB[0]}, {BOB[1]}",
    "X-Real-IP": BOB[1],
}


def role(site: AllowlistedSite, name: str, session: str = "laptop") -> Credentials:
    return site.cloud.server.role_credentials(site.id(name), session)


def code_of(response: EdgeResponse) -> tuple[int, str]:
    return response.status, json.loads(response.text)["error"]["code"]


class TestSigned:
    def test_registers_one_family_a_call_and_says_what_of_the_other_is_there(self, site: AllowlistedSite):
        developer = role(site, "Developer")
        over_ipv4 = site.answer("POST", SIGNED, viewer=ALICE[0], signed_as=developer, fields={"note": "laptop"})
        assert "your IPv6 is not registered: if you have one, call" in over_ipv4["message"]
        over_ipv6 = site.answer("POST", SIGNED, viewer=ALICE[1], signed_as=developer)
        assert f"of IPv4, {ALICES[0][0]} is registered until" in over_ipv6["message"]
        site.until_registered(ALICES)
        assert site.statuses() == [200, 200]
        told = site.administer("list")
        assert "iam:arn:aws:sts::123456789012:assumed-role/AllowlistOps-Developer" in told
        assert "laptop" in told

    def test_lists_and_revokes_ones_own(self, site: AllowlistedSite):
        laptop, other = role(site, "Developer"), role(site, "Developer", "other")
        for viewer in ALICE:
            site.answer("POST", SIGNED, viewer=viewer, signed_as=laptop)
        site.answer("POST", SIGNED, viewer=BOB[1], signed_as=other)
        listed = site.answer("GET", SIGNED, viewer=BOB[0], signed_as=laptop)
        assert [one["cidr"] for one in listed["registrations"]] == [*ALICES[0], *ALICES[1]]
        revoked = site.answer("DELETE", f"{SIGNED}?family=6", viewer=BOB[0], signed_as=laptop)
        assert revoked["revoked"] == [{"family": 6, "cidr": ALICES[1][0]}]
        site.until_registered((ALICES[0], BOBS[1]))
        site.answer("DELETE", SIGNED, viewer=BOB[0], signed_as=laptop)
        site.until_registered(([], BOBS[1]))

    @pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
    @pytest.mark.parametrize("viewer", ALICE)
    def test_without_the_right_or_a_signature_nobody_gets_there(self, site: AllowlistedSite, method: str, viewer: str):
        before = len(site.log("allowlist"))
        for signed_as in (None, role(site, "Stranger"), role(site, "Administrator")):
            refused = site.request(method, SIGNED, viewer=viewer, signed_as=signed_as)
            assert (refused.status, refused.text) == (403, '{"message":"Forbidden"}')
        assert (site.items, len(site.log("allowlist"))) == ([], before)

    def test_an_administrator_invokes_the_function_and_nobody_else_may(self, site: AllowlistedSite):
        for name in ("Stranger", "Developer"):
            assert "is not authorized to perform: lambda:InvokeFunction" in site.refusal_of(name)
        assert site.items == []
        assert site.refusal_of("Administrator") == ""
        site.until_registered((["203.0.113.64/26"], []))
        assert "security on-call" in site.administer("list")


class TestSharedSecret:
    def test_registers_what_calls_itself_something(self, site: AllowlistedSite):
        for viewer in ALICE:
            assert site.register_in_secret("build-7", viewer).status == 200
        site.until_registered(ALICES)
        assert "secret:build-7" in site.administer("list")

    @pytest.mark.parametrize("secret", ["wrong-0123456789-0123456789-0123456789", "", "x" * 513, "x" * 43])
    def test_that_is_wrong_lets_nobody_in(self, site: AllowlistedSite, secret: str):
        assert site.register_in_secret("build-7", ALICE[0], secret).status == 401
        assert site.items == []

    @pytest.mark.parametrize("owner", ["", "slack:U012ALICE", "a b", "-", "x" * 81])
    def test_is_of_no_use_without_a_decent_owner(self, site: AllowlistedSite, owner: str):
        assert code_of(site.register_in_secret(owner, ALICE[0])) == (400, "owner_refused")
        assert site.items == []

    def test_that_is_too_short_lets_nobody_in_even_if_it_is_right(self, site: AllowlistedSite):
        server, short = site.cloud.server, "short-0123456789-0123456789-abc"
        assert len(short) == 31
        before = site.client("ssm").get_parameter(Name=SHARED_SECRET_PARAMETER, WithDecryption=True)["Parameter"]
        try:
            server.put_secret(SHARED_SECRET_PARAMETER, short)
            # Other processes, which have not read the other one.
            site.deploy(OPS, edit=start_anew)
            assert site.register_in_secret("build-7", ALICE[0], short).status == 401
            assert site.log("shared_secret_too_short")
            assert site.items == []
        finally:
            server.put_secret(SHARED_SECRET_PARAMETER, before["Value"])
            site.deploy(OPS)


def start_anew(template: dict[str, Any]) -> None:
    """Change something about the registrar."""
    (registrar,) = [one for id, one in template["Resources"].items() if id[:-8] == "AllowlistRegistrar"]
    registrar["Properties"]["Environment"]["Variables"]["STARTED"] = "anew"


class TestStrangers:
    def test_no_header_says_where_a_request_came_from(self, site: AllowlistedSite):
        assert site.answer("GET", "/address", viewer=ALICE[1], headers=CLAIMS)["cidr"] == ALICES[1][0]
        assert site.register(site.link(), headers=CLAIMS).status == 200
        site.until_registered(ALICES)
        site.answer("POST", SIGNED, viewer=ALICE[0], headers=CLAIMS, signed_as=role(site, "Developer"))
        site.look()
        assert site.addresses == ALICES
        assert [
            site.cloud.server.edge.get(site.stacks[EDGE].outputs["Url"], viewer=viewer, headers=CLAIMS).status
            for viewer in ALICE
        ] == [200, 200]

    def test_what_only_looks_changes_nothing(self, site: AllowlistedSite):
        token = site.link()
        site.register(site.link("U0123BOB"), BOB)
        site.until_registered(BOBS)
        items, addresses = site.items, site.addresses
        developer = role(site, "Developer")
        for method in ("GET", "HEAD", "OPTIONS", "PUT", "PATCH"):
            for path in ("/", f"/?{token}", f"/{token}", "/address", "/link", "/seen", "/registrations", SIGNED):
                for viewer in ALICE:
                    for options in ({}, {"token": token}, {"signed_as": developer}):
                        site.request(method, path, viewer=viewer, **options)
        site.look()
        assert (site.items, site.addresses) == (items, addresses)
        assert site.register(token).status == 200

    def test_a_preview_of_the_link_is_the_page_and_uses_nothing_up(self, site: AllowlistedSite):
        token = site.link()
        # What a browser or a crawler makes of https://…/#token: the fragment is not sent.
        page = site.request("GET", "/", viewer=BOB[0], headers={"User-Agent": "Slackbot-LinkExpanding 1.0"})
        assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert token not in page.text
        assert site.register(token).status == 200

    def test_a_link_that_two_have_is_the_firsts(self, site: AllowlistedSite):
        token = site.link()
        assert site.request("POST", "/seen", viewer=ALICE[0], token=token).status == 200
        assert site.request("POST", "/registrations", viewer=BOB[1], token=token).status == 200
        assert code_of(site.request("POST", "/registrations", viewer=ALICE[1], token=token)) == (409, "link_used")
        told = site.say("/allow-me list")
        # Whose it is sees who has used it.
        assert BOBS[1][0] in told

    def test_nothing_long_is_read(self, site: AllowlistedSite):
        token = site.link()
        answer = site.request("POST", "/registrations", viewer=ALICE[1], token=token, fields={"note": "x" * 5000})
        assert code_of(answer) == (413, "body_too_long")
        fields = {"note": "x" * 201}
        refused = site.request("POST", SIGNED, viewer=ALICE[1], fields=fields, signed_as=role(site, "Developer"))
        assert code_of(refused) == (400, "note_refused")
        assert "entry" not in [item["kind"]["S"] for item in site.items]

    @pytest.mark.parametrize("viewer", ["10.0.0.7", "192.168.1.7", "100.64.0.9", "fd00::7", "::ffff:198.51.100.23"])
    def test_an_address_of_no_public_network_is_not_registered(self, site: AllowlistedSite, viewer: str):
        assert code_of(site.request("POST", "/registrations", viewer=viewer, token=site.link())) == (
            400,
            "address_refused",
        )
        assert "entry" not in [item["kind"]["S"] for item in site.items]

    def test_the_host_for_ipv4_is_reached_over_nothing_else(self, site: AllowlistedSite):
        with pytest.raises(UnreachableError):
            site.cloud.server.edge.get(site.ipv4_url, "/address", viewer=ALICE[1])

    def test_the_page_of_another_site_may_not_call_either(self, site: AllowlistedSite):
        edge, asked = site.cloud.server.edge, {"Access-Control-Request-Method": "POST"}
        for url, origin, allowed in (
            (site.url, site.url, None),
            (site.ipv4_url, "https://evil.example", None),
            (site.ipv4_url, site.url, site.url),
        ):
            headers = {**asked, "Origin": origin, "Access-Control-Request-Headers": "authorization"}
            answer = edge.request("OPTIONS", f"{url}/seen", viewer=ALICE[0], headers=headers)
            assert answer.headers.get("Access-Control-Allow-Origin") == allowed

    def test_nobody_is_in_at_the_end(self, site: AllowlistedSite):
        assert (site.addresses, site.statuses(ALICE), site.statuses(BOB)) == (NOTHING, [403, 403], [403, 403])
