"""The HTTP APIs' routes but those of links: who is refused, the shared secret, signed calls."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.contracts.ip_ranges import MAXIMUM
from tests.runtime.allowlist.allowlist_double import ARN, IPV4, IPV4_URL, IPV6, SECRET, AllowlistDouble, http


@pytest.fixture
def double() -> AllowlistDouble:
    return AllowlistDouble()


PROTECTING = {"cache-control": "no-store", "x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}


@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        ("GET", "/", {}, 200),
        ("GET", "/address", {}, 200),
        ("GET", "/link", {}, 401),
        ("POST", "/seen", {}, 401),
        ("POST", "/registrations", {}, 401),
        ("POST", "/registrations", {"bearer": SECRET, "body": {"owner": "build-7"}}, 200),
        ("GET", "/iam/registrations", {}, 401),
        ("POST", "/iam/registrations", {}, 401),
        ("DELETE", "/iam/registrations", {}, 401),
        ("GET", "/iam/registrations", {"arn": ARN}, 200),
        ("GET", "/registrations", {}, 405),
        ("GET", "/seen", {}, 405),
        ("POST", "/", {}, 405),
        ("PUT", "/iam/registrations", {"arn": ARN}, 405),
        ("GET", "/favicon.ico", {}, 404),
        ("GET", "//registrations", {}, 404),
        ("POST", "/registrations/", {"bearer": SECRET, "body": {"owner": "x"}}, 404),
        ("GET", "/address", {"source": "10.0.0.1"}, 400),
        ("POST", "/registrations", {"bearer": SECRET, "body": "x" * 4097}, 413),
    ],
)
def test_each_response_protects_itself(
    double: AllowlistDouble, method: str, path: str, options: dict[str, Any], status: int
) -> None:
    response = double.ask(http(method, path, **options))
    assert response["statusCode"] == status
    assert PROTECTING.items() <= response["headers"].items()
    assert "frame-ancestors 'none'" in response["headers"]["content-security-policy"]
    assert ("allow" in response["headers"]) == (status == 405)
    assert (response["headers"].get("www-authenticate") == "Bearer") == (status == 401)


def test_get_changes_nothing(double: AllowlistDouble) -> None:
    token = double.link()
    before = repr(double.dynamodb.items)
    for path in ("/", "/address", "/link", "/iam/registrations", "/seen", "/registrations"):
        double.ask(http("GET", path, bearer=token, arn=ARN))
    assert repr(double.dynamodb.items) == before


def test_the_page(double: AllowlistDouble) -> None:
    response = double.ask(http("GET", "/", headers={"Accept-Language": "ja"}))
    assert response["headers"]["content-type"] == "text/html; charset=utf-8"
    assert IPV4_URL in response["body"]
    assert 'lang="ja"' in response["body"]


def test_the_address(double: AllowlistDouble) -> None:
    assert double.http("GET", "/address") == (200, {"address": IPV6, "family": 6, "cidr": "2001:db8:1:2::/64"})
    assert double.http("GET", "/address", source=IPV4) == (
        200,
        {"address": IPV4, "family": 4, "cidr": f"{IPV4}/32"},
    )


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "CloudFront-Viewer-Address"])
def test_what_headers_say_of_the_address_is_nothing(double: AllowlistDouble, header: str) -> None:
    double.http("POST", "/iam/registrations", arn=ARN, source=IPV4, headers={header: "8.8.8.8"})
    assert list(double.entries().values()) == [f"{IPV4}/32"]


@pytest.mark.parametrize(
    "source",
    [
        "10.1.2.3",
        "192.168.1.1",
        "127.0.0.1",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "::",
        "fe80::1",
        "fd00::1",
        "::ffff:8.8.8.8",
        "::ffff:198.51.100.7",
        "64:ff9b::808:808",
        "2002:808:808::1",
        "8.8.8.8/0",
        "8.8.8.8, 9.9.9.9",
        "fe80::1%eth0",
        "",
        "unknown",
    ],
)
def test_addresses_of_nobody(double: AllowlistDouble, source: str) -> None:
    token = double.link()
    for options in ({"bearer": token}, {"bearer": SECRET, "body": {"owner": "x"}}):
        status, answer = double.http("POST", "/registrations", source=source, **options)
        assert (status, answer["error"]["code"]) == (400, "address_refused")
    assert double.http("POST", "/iam/registrations", arn=ARN, source=source)[0] == 400
    assert double.http("POST", "/seen", bearer=token, source=source)[0] == 400
    assert double.entries() == {}
    assert double.http("GET", "/link", bearer=token)[0] == 200, "the link can still be used"


class TestSharedSecret:
    def test_registers_for_whom_the_body_says(self, double: AllowlistDouble) -> None:
        body = {"owner": "build-7", "note": "nightly\n\u202ebuild"}
        status, answer = double.http("POST", "/registrations", bearer=SECRET, body=body)
        assert (status, answer["name"]) == (200, "build-7")
        item = double.dynamodb.items["entry", "secret:build-7#6"]
        assert (item["by"]["S"], item["note"]["S"]) == ("the shared secret", "nightly build")

    def test_base64(self, double: AllowlistDouble) -> None:
        event = http("POST", "/registrations", bearer=SECRET)
        event.update(isBase64Encoded=True, body=base64.b64encode(b'{"owner": "x"}').decode())
        assert double.ask(event)["statusCode"] == 200
        event.update(body="%%%")
        answer = double.ask(event)
        assert (answer["statusCode"], json.loads(answer["body"])["error"]["code"]) == (400, "body_not_base64")

    @pytest.mark.parametrize(
        "body",
        [
            None,
            {},
            {"owner": ""},
            {"owner": 7},
            {"owner": "a b"},
            {"owner": "-x"},
            {"owner": "x#4"},
            {"owner": "x:y"},
            {"owner": "ä"},
            {"owner": "x" * 81},
            {"owner": "x", "note": 7},
            {"owner": "x", "note": "n" * 201},
            "[]",
            "{",
            "[" * 4000,
        ],
    )
    def test_bodies_that_are_refused(self, double: AllowlistDouble, body: object) -> None:
        assert double.http("POST", "/registrations", bearer=SECRET, body=body)[0] == 400
        assert double.entries() == {}

    @pytest.mark.parametrize("bearer", [SECRET[:-1], SECRET + "x", SECRET.upper(), "x", "\udcff", "A" * 43])
    def test_others(self, double: AllowlistDouble, bearer: str) -> None:
        assert double.http("POST", "/registrations", bearer=bearer, body={"owner": "x"})[0] == 401

    @pytest.mark.parametrize("header", [SECRET, f"Basic {SECRET}", "Bearer", "Bearer ", f"Bearer{SECRET}"])
    def test_other_schemes(self, double: AllowlistDouble, header: str) -> None:
        event = http("POST", "/registrations", body={"owner": "x"}, headers={"Authorization": header})
        assert double.ask(event)["statusCode"] == 401

    def test_it_is_no_link(self, double: AllowlistDouble) -> None:
        assert double.http("GET", "/link", bearer=SECRET)[0] == 401
        assert double.http("POST", "/seen", bearer=SECRET)[0] == 401

    def test_without_one_nobody_is_let_in_by_it(self) -> None:
        double = AllowlistDouble(secret=None)
        assert double.http("POST", "/registrations", bearer=SECRET, body={"owner": "x"})[0] == 401
        assert double.secret_reads == 0

    def test_a_short_one_is_refused_and_told(self, double: AllowlistDouble, capsys: pytest.CaptureFixture[str]) -> None:
        double.secret = "s" * 31
        assert double.http("POST", "/registrations", bearer="s" * 31, body={"owner": "x"})[0] == 401
        logged = json.loads(capsys.readouterr().out)
        assert (logged["level"], logged["event"]) == ("ERROR", "shared_secret_too_short")
        assert "sss" not in json.dumps(logged)

    def test_an_empty_one_lets_nobody_in(self, double: AllowlistDouble) -> None:
        double.secret = ""
        assert double.http("POST", "/registrations", bearer=" ", body={"owner": "x"})[0] == 401

    def test_rotated(self, double: AllowlistDouble) -> None:
        def status(bearer: str) -> int:
            return double.http("POST", "/registrations", bearer=bearer, body={"owner": "x"})[0]

        assert status(SECRET) == 200
        double.secret = "another-secret-of-more-than-thirty-two"
        assert status(double.secret) == 401, "it was read a moment ago"
        double.time += 60
        assert status(double.secret) == 200
        assert status(SECRET) == 401
        reads = double.secret_reads
        for _ in range(100):
            status("somebody tries")
        assert double.secret_reads == reads

    def test_a_rotated_secret_does_not_last(self, double: AllowlistDouble) -> None:
        assert double.http("POST", "/registrations", bearer=SECRET, body={"owner": "x"})[0] == 200
        double.secret = "another-secret-of-more-than-thirty-two"
        double.time += 900
        assert double.http("POST", "/registrations", bearer=SECRET, body={"owner": "x"})[0] == 401

    def test_parameter_store_is_away(self, double: AllowlistDouble, capsys: pytest.CaptureFixture[str]) -> None:
        double.secret = None
        status, answer = double.http("POST", "/registrations", bearer=SECRET, body={"owner": "x"})
        assert (status, answer["error"]["code"]) == (503, "unavailable")
        assert "canary" not in capsys.readouterr().out
        double.secret = SECRET
        assert double.http("POST", "/registrations", bearer=SECRET, body={"owner": "x"})[0] == 503
        double.time += 60
        assert double.http("POST", "/registrations", bearer=SECRET, body={"owner": "x"})[0] == 200


class TestSigned:
    def test_one_family_after_the_other(self, double: AllowlistDouble) -> None:
        _, answer = double.http("POST", "/iam/registrations", arn=ARN)
        assert answer["message"] == (
            "registered IPv6 2001:db8:1:2::/64 until 2026-11-22T22:00:00Z; your IPv4 is not registered: if you have"
            f" one, call {IPV4_URL}/iam/registrations too (curl -4)"
        )
        _, answer = double.http("POST", "/iam/registrations", arn=ARN, source=IPV4, body={"note": "home"})
        assert answer["message"] == (
            f"registered IPv4 {IPV4}/32 until 2026-11-22T22:00:00Z; of IPv6, 2001:db8:1:2::/64 is registered until"
            " 2026-11-22T22:00:00Z"
        )
        assert answer["name"] == "assumed-role/Developer/alice"
        assert double.http("GET", "/iam/registrations", arn=ARN)[1]["registrations"] == answer["registrations"]
        assert [one["note"] for one in answer["registrations"]] == ["home", ""]

    def test_everybody_has_their_own(self, double: AllowlistDouble) -> None:
        double.http("POST", "/iam/registrations", arn=ARN)
        other = f"{ARN}-2"
        assert double.http("GET", "/iam/registrations", arn=other)[1]["registrations"] == []
        assert double.http("DELETE", "/iam/registrations", arn=other) == (200, {"revoked": []})
        assert double.http("GET", "/iam/registrations", arn=ARN)[1]["registrations"] != []

    @pytest.mark.parametrize(("query", "left"), [(None, []), ({"family": "4"}, [6]), ({"family": "6"}, [4])])
    def test_revoked(self, double: AllowlistDouble, query: dict[str, str] | None, left: list[int]) -> None:
        for source in (IPV4, IPV6):
            double.http("POST", "/iam/registrations", arn=ARN, source=source)
        assert double.http("DELETE", "/iam/registrations", arn=ARN, query=query)[0] == 200
        registered = double.http("GET", "/iam/registrations", arn=ARN)[1]["registrations"]
        assert [one["family"] for one in registered] == left

    def test_another_family(self, double: AllowlistDouble) -> None:
        double.http("POST", "/iam/registrations", arn=ARN)
        for family in ("5", "", "all"):
            assert double.http("DELETE", "/iam/registrations", arn=ARN, query={"family": family})[0] == 400
        assert len(double.entries()) == 1

    @pytest.mark.parametrize(
        "authorizer", [None, {}, {"iam": None}, {"iam": {}}, {"iam": {"userArn": ""}}, {"jwt": {}}]
    )
    def test_without_a_signature_nobody(self, double: AllowlistDouble, authorizer: object) -> None:
        event = http("POST", "/iam/registrations", bearer=SECRET, body={"owner": "x"})
        event["requestContext"]["authorizer"] = authorizer
        assert double.ask(event)["statusCode"] == 401


class TestFull:
    def fill(self, double: AllowlistDouble, family: int, entries: int = MAXIMUM) -> None:
        double.dynamodb.items["count", str(family)] = {
            "kind": {"S": "count"},
            "id": {"S": str(family)},
            "entries": {"N": str(entries)},
            "changes": {"N": str(entries)},
        }

    def test_the_10_001st(self, double: AllowlistDouble) -> None:
        self.fill(double, 6, MAXIMUM - 1)
        assert double.http("POST", "/iam/registrations", arn=ARN)[0] == 200
        status, answer = double.http("POST", "/iam/registrations", arn=f"{ARN}-2")
        assert (status, answer["error"]["code"]) == (409, "full")
        assert "10000 entries of IPv6" in answer["error"]["message"]
        assert "revoke some" in answer["error"]["message"]
        assert double.http("POST", "/iam/registrations", arn=ARN)[0] == 200, "a renewal needs no room"
        assert double.http("POST", "/iam/registrations", arn=f"{ARN}-2", source=IPV4)[0] == 200
        assert double.count(6) == MAXIMUM

    def test_the_10_000th_twice_at_the_same_time(self, double: AllowlistDouble) -> None:
        self.fill(double, 6, MAXIMUM - 1)
        double.dynamodb.before_write = [lambda: double.http("POST", "/iam/registrations", arn=ARN)]
        assert double.http("POST", "/iam/registrations", arn=ARN)[0] == 200
        assert double.count(6) == MAXIMUM

    def test_a_link_is_not_used_up_by_a_refusal(self, double: AllowlistDouble) -> None:
        self.fill(double, 4)
        token = double.link()
        double.http("POST", "/seen", bearer=token, source=IPV4)
        status, answer = double.http("POST", "/registrations", bearer=token)
        assert (status, answer["error"]["code"]) == (409, "full")
        assert "IPv4" in answer["error"]["message"]
        assert double.entries() == {}, "all or nothing"
        self.fill(double, 4, 5)
        assert double.http("POST", "/registrations", bearer=token)[0] == 200

    def test_in_slack(self, double: AllowlistDouble) -> None:
        self.fill(double, 4)
        assert "the allow-list is full" in double.order("add 198.51.100.0/24")


@given(
    st.sampled_from(["GET", "POST", "DELETE", "HEAD", "OPTIONS", "PATCH", ""]),
    st.sampled_from(["/", "/address", "/link", "/seen", "/registrations", "/iam/registrations", "/x"]),
    st.one_of(st.none(), st.text(max_size=60)),
    st.one_of(st.none(), st.text(max_size=60)),
    st.text(max_size=20),
)
def test_whatever_strangers_send_registers_nothing(
    method: str, path: str, bearer: str | None, body: str | None, source: str
) -> None:
    double = AllowlistDouble()
    for address in (IPV6, source):
        response = double.ask(http(method, path, bearer=bearer, body=body, source=address))
        assert response["statusCode"] in (200, 400, 401, 404, 405)
    assert double.dynamodb.items == {}
