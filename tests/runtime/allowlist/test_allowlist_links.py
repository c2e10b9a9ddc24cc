"""One-time links: made in Slack, used on the page, once, by their holder."""

from __future__ import annotations

import json

import pytest

from tests.runtime.allowlist.allowlist_double import IPV4, IPV6, AllowlistDouble, http

OTHER = "203.0.113.9"


@pytest.fixture
def double() -> AllowlistDouble:
    return AllowlistDouble()


def test_both_families_by_one_link(double: AllowlistDouble) -> None:
    token = double.link()
    assert double.http("GET", "/link", bearer=token) == (
        200,
        {"name": "alice", "expires_at": double.time + 600, "valid_for": 36_000},
    )
    assert double.http("POST", "/seen", bearer=token, source=IPV4) == (
        200,
        {"address": IPV4, "family": 4, "cidr": f"{IPV4}/32"},
    )
    assert double.entries() == {}, "nothing is registered until the button is pressed"
    status, answer = double.http("POST", "/registrations", bearer=token)
    assert status == 200
    assert answer["name"] == "alice"
    assert [(one["family"], one["cidr"], one["expires_at"]) for one in answer["registrations"]] == [
        (4, f"{IPV4}/32", double.time + 36_000),
        (6, "2001:db8:1:2::/64", double.time + 36_000),
    ]
    assert double.entries() == {"slack:U1#4": f"{IPV4}/32", "slack:U1#6": "2001:db8:1:2::/64"}
    assert (double.count(4), double.count(6)) == (1, 1)


def test_the_registration_s_own_address_counts(double: AllowlistDouble) -> None:
    token = double.link()
    double.http("POST", "/seen", bearer=token, source=OTHER)
    double.http("POST", "/registrations", bearer=token, source=IPV4)
    assert double.entries() == {"slack:U1#4": f"{IPV4}/32"}


def test_the_table_has_no_token(double: AllowlistDouble) -> None:
    token = double.link()
    double.http("POST", "/registrations", bearer=token)
    assert token not in repr(double.dynamodb.items)


@pytest.mark.parametrize("path", ["/link", "/seen", "/registrations"])
def test_a_second_person_gets_nowhere_and_learns_nothing(double: AllowlistDouble, path: str) -> None:
    token = double.link()
    double.http("POST", "/registrations", bearer=token)
    method = "GET" if path == "/link" else "POST"
    for later in (1, 3600):
        double.time += later
        status, answer = double.http(method, path, bearer=token, source=OTHER)
        assert (status, answer["error"]["code"]) == (409, "link_used")
        assert "2026-11-22T12:00:00Z" in answer["error"]["message"]
        assert "2001:db8" not in json.dumps(answer)
    assert list(double.entries().values()) == ["2001:db8:1:2::/64"]


def test_whoever_lost_the_answer_gets_it_again(double: AllowlistDouble) -> None:
    token = double.link()
    first = double.http("POST", "/registrations", bearer=token)
    double.time += 60
    # Another address of the same line, as privacy addresses change.
    assert double.http("POST", "/registrations", bearer=token, source="2001:db8:1:2::8") == first
    assert double.facts["outcome"] == "repeated"
    double.time += 1
    status, answer = double.http("POST", "/registrations", bearer=token)
    assert (status, answer["error"]["code"]) == (409, "link_used")
    assert "for 2001:db8:1:2::/64" in answer["error"]["message"]


def test_two_who_press_at_the_same_time(double: AllowlistDouble) -> None:
    token = double.link()
    double.dynamodb.before_write = [lambda: double.http("POST", "/registrations", bearer=token, source=OTHER)]
    status, answer = double.http("POST", "/registrations", bearer=token)
    assert (status, answer["error"]["code"]) == (409, "link_used")
    assert double.entries() == {"slack:U1#4": f"{OTHER}/32"}


def test_one_who_presses_twice(double: AllowlistDouble) -> None:
    token = double.link()
    answers = []
    double.dynamodb.before_write = [lambda: answers.append(double.http("POST", "/registrations", bearer=token))]
    answers.append(double.http("POST", "/registrations", bearer=token))
    assert answers[0] == answers[1]
    assert answers[0][0] == 200
    assert double.count(6) == 1


def test_what_was_revoked_is_not_said_to_be_registered(double: AllowlistDouble) -> None:
    token = double.link()
    double.http("POST", "/registrations", bearer=token)
    double.order("revoke slack:U1")
    assert double.http("POST", "/registrations", bearer=token)[0] == 409


@pytest.mark.parametrize("path", ["/link", "/seen", "/registrations"])
def test_an_expired_link(double: AllowlistDouble, path: str) -> None:
    token = double.link()
    double.time += 600
    status, answer = double.http("GET" if path == "/link" else "POST", path, bearer=token)
    assert (status, answer["error"]["code"]) == (410, "link_expired")
    assert double.entries() == {}


@pytest.mark.parametrize("path", ["/seen", "/registrations"])
def test_a_link_that_is_ended_between_reading_and_writing(double: AllowlistDouble, path: str) -> None:
    token = double.link()
    double.dynamodb.before_write = [lambda: double.order("revoke slack:U1")]
    assert double.http("POST", path, bearer=token)[0] == 410
    assert double.entries() == {}


def test_links_are_deleted_some_day(double: AllowlistDouble) -> None:
    double.link()
    (link,) = (item for (kind, _), item in double.dynamodb.items.items() if kind == "link")
    assert int(link["delete_at"]["N"]) == double.time + 600 + 86_400


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("A" * 43, "link_unknown"),
        ("A" * 42, "unauthorized"),
        ("é" * 43, "unauthorized"),
        ("\x00\ud800", "unauthorized"),
        ("' OR 1=1 --", "unauthorized"),
        ("x" * 513, "unauthorized"),
        ("", "unauthorized"),
        ("   ", "unauthorized"),
    ],
)
@pytest.mark.parametrize("path", ["/link", "/seen", "/registrations"])
def test_tokens_of_nobody(double: AllowlistDouble, path: str, token: str, code: str) -> None:
    response = double.ask(http("GET" if path == "/link" else "POST", path, bearer=token))
    assert response["statusCode"] == 401
    assert response["headers"]["www-authenticate"] == "Bearer"
    assert json.loads(response["body"])["error"]["code"] == code
    assert double.entries() == {}


def test_a_link_needs_no_shared_secret(double: AllowlistDouble) -> None:
    token = double.link()
    double.secret = None
    assert double.http("POST", "/registrations", bearer=token)[0] == 200
    assert double.secret_reads == 0


def test_a_new_address_takes_the_place_of_the_old_one(double: AllowlistDouble) -> None:
    double.http("POST", "/registrations", bearer=double.link(), source=IPV4)
    double.time += 100
    double.http("POST", "/registrations", bearer=double.link(), source=OTHER)
    assert double.entries() == {"slack:U1#4": f"{OTHER}/32"}
    assert double.count(4) == 1
    assert double.dynamodb.items["entry", "slack:U1#4"]["previous"] == {
        "M": {f"{IPV4}/32": {"N": str(int(double.time))}}
    }


def test_a_renewal_leaves_when_it_began(double: AllowlistDouble) -> None:
    began = double.time
    for _ in range(2):
        double.http("POST", "/registrations", bearer=double.link(), source=IPV6)
        double.time += 1000
    item = double.dynamodb.items["entry", "slack:U1#6"]
    assert item["registered_at"] == {"N": str(int(began))}
    assert item["expires_at"] == {"N": str(int(began + 1000 + 36_000))}
    assert "previous" not in item


def test_the_same_person_twice_at_the_same_time(double: AllowlistDouble) -> None:
    one, other = double.link(), double.link()
    double.dynamodb.before_write = [lambda: double.http("POST", "/registrations", bearer=other, source=OTHER)]
    assert double.http("POST", "/registrations", bearer=one, source=IPV4)[0] == 200
    assert double.entries() == {"slack:U1#4": f"{IPV4}/32"}
    assert double.count(4) == 1


@pytest.mark.parametrize("trouble", ["lost answer", "no answer", "TransactionConflict", "ThrottlingException"])
def test_troubles_that_pass(double: AllowlistDouble, trouble: str) -> None:
    token = double.link()
    double.dynamodb.failures["transact_write_items"] = [trouble, "", trouble]
    assert double.http("POST", "/registrations", bearer=token)[0] == 200
    assert double.entries() == {"slack:U1#6": "2001:db8:1:2::/64"}
    assert double.count(6) == 1


def test_a_table_that_is_busy_for_long(double: AllowlistDouble) -> None:
    token = double.link()
    double.dynamodb.failures["transact_write_items"] = ["TransactionConflict"] * 100
    response = double.ask(http("POST", "/registrations", bearer=token))
    assert response["statusCode"] == 503
    assert response["headers"]["retry-after"] == "5"
