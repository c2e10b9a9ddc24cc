"""Statements: https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-list.html."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_local.edge import InvalidAddressError, Rates, canonical_addresses
from tests.local.edge.edge_rules import (
    BLOCK,
    Entities,
    both,
    either,
    in_set,
    matched,
    negated,
    path_is,
    request,
    rule,
    rule_set,
    text,
)

EVERYBODY = Entities(
    on4=["0.0.0.0/1", "128.0.0.0/1"], on6=["::/1", "8000::/1"], dev4=["203.0.113.0/24"], dev6=["2001:db8:d::/48"]
)
SWITCH = both(either(in_set("on4"), in_set("on6")), negated(either(in_set("dev4"), in_set("dev6"))))


@pytest.mark.parametrize(
    ("source", "is_blocked"),
    [
        ("198.51.100.1", True),
        ("8.8.8.8", True),
        ("203.0.113.7", False),
        ("2001:db8:e::1", True),
        ("fe80::1", True),
        ("2001:db8:d::1", False),
    ],
)
def test_a_switch_is_two_sets_and_not_two_others(source: str, is_blocked: bool):
    assert matched(SWITCH, request(source), EVERYBODY) is is_blocked
    off = Entities(on4=[], on6=[], dev4=["203.0.113.0/24"], dev6=[])
    assert not matched(SWITCH, request(source), off)


@given(st.ip_addresses())
def test_the_halves_are_everybody(source: ipaddress.IPv4Address | ipaddress.IPv6Address):
    assert matched(either(in_set("on4"), in_set("on6")), request(str(source)), EVERYBODY)


@given(st.ip_addresses(), st.ip_addresses(), st.integers(1, 32))
def test_membership_is_that_of_the_network(
    source: ipaddress.IPv4Address | ipaddress.IPv6Address,
    other: ipaddress.IPv4Address | ipaddress.IPv6Address,
    prefix: int,
):
    network = ipaddress.ip_network(f"{other}/{prefix}", strict=False)
    assert matched(in_set("s"), request(str(source)), Entities(s=[str(network)])) == (source in network)


FORWARDED = Entities(s=["192.0.2.0/24"])


@pytest.mark.parametrize(
    ("position", "header", "is_matched"),
    [
        ("FIRST", "192.0.2.1, 10.0.0.1", True),
        ("FIRST", "10.0.0.1, 192.0.2.1", False),
        ("LAST", "10.0.0.1, 192.0.2.1", True),
        ("LAST", "192.0.2.1, 10.0.0.1", False),
        ("ANY", "10.0.0.1, 192.0.2.1, 10.0.0.2", True),
        ("ANY", "192.0.2.1, " + ", ".join(["10.0.0.1"] * 10), False),  # the ten that were added last
        ("ANY", "10.0.0.1", False),
    ],
)
def test_forwarded_addresses_are_taken_from_their_position(position: str, header: str, is_matched: bool):
    statement = in_set("s", "X-Forwarded-For", position=position)
    assert matched(statement, request(headers={"X-Forwarded-For": header}), FORWARDED) is is_matched


@pytest.mark.parametrize("fallback", ["MATCH", "NO_MATCH"])
def test_the_fallback_is_for_addresses_that_are_not_valid(fallback: str):
    statement = in_set("s", "X-Forwarded-For", fallback)
    assert matched(statement, request(headers={"X-Forwarded-For": "unknown"}), FORWARDED) is (fallback == "MATCH")


@pytest.mark.parametrize("fallback", ["MATCH", "NO_MATCH"])
@pytest.mark.parametrize("wrap", [lambda inner: inner, negated, lambda inner: both(negated(inner), negated(inner))])
def test_without_the_header_the_rule_is_not_applied_at_all(fallback: str, wrap: Any):
    """Neither as a match nor as none: a switch that looks at a header fails open."""
    assert not matched(wrap(in_set("s", "X-Forwarded-For", fallback)), request("192.0.2.1"), FORWARDED)


@pytest.mark.parametrize(
    ("position", "wanted", "path", "is_matched"),
    [
        ("EXACTLY", "/api", "/api", True),
        ("EXACTLY", "/api", "/api/", False),
        ("STARTS_WITH", "/api/", "/api/orders", True),
        ("STARTS_WITH", "/api/", "/API/orders", False),
        ("ENDS_WITH", ".json", "/a.json", True),
        ("CONTAINS", "admin", "/x/administer", True),
        ("CONTAINS_WORD", "admin", "/x/administer", False),
        ("CONTAINS_WORD", "admin", "/x/admin/y", True),
        ("CONTAINS_WORD", "admin", "/x/my_admin", False),
    ],
)
def test_texts_are_matched_in_their_position(position: str, wanted: str, path: str, is_matched: bool):
    assert matched(path_is(position, wanted), request(path=path)) is is_matched


@pytest.mark.parametrize(
    ("transformations", "path"),
    [
        (["LOWERCASE"], "/API/x"),
        (["URL_DECODE"], "/%61pi/x"),
        (["URL_DECODE", "LOWERCASE"], "/%41PI/x"),
        (["NORMALIZE_PATH"], "/y/../api/x"),
        (["NORMALIZE_PATH"], "//api/x"),
        (["URL_DECODE", "REMOVE_NULLS"], "/a%00pi/x"),
        (["COMPRESS_WHITE_SPACE", "TRIM"], "  /api/x "),
        (["HTML_ENTITY_DECODE"], "/&#97;pi/x"),
    ],
)
def test_transformations_undo_disguises(transformations: list[str], path: str):
    assert not matched(path_is("STARTS_WITH", "/api/"), request(path=path))
    assert matched(path_is("STARTS_WITH", "/api/", *transformations), request(path=path))


@pytest.mark.parametrize(
    ("field", "is_matched"),
    [
        ({"SingleHeader": {"Name": "Accept"}}, True),
        ({"SingleHeader": {"Name": "cookie"}}, False),  # a request without it does not match
        ({"SingleQueryArgument": {"Name": "Q"}}, True),
        ({"AllQueryArguments": {}}, True),
        ({"QueryString": {}}, True),
        ({"Body": {"OversizeHandling": "CONTINUE"}}, True),
        ({"Method": {}}, False),
        ({"UriPath": {}}, False),
    ],
)
def test_fields(field: dict[str, Any], is_matched: bool):
    sent = request(headers={"accept": "json"}, query="a=1&q=json", body=b"json")
    assert matched(text(field, "CONTAINS", b"json"), sent) is is_matched


@pytest.mark.parametrize(("handling", "is_matched"), [("CONTINUE", False), ("MATCH", True), ("NO_MATCH", False)])
def test_a_body_that_is_too_large(handling: str, is_matched: bool):
    sent = request(body=b"x" * 16384 + b"json")
    field = {"Body": {"OversizeHandling": handling}}
    assert matched(text(field, "CONTAINS", b"json"), sent) is is_matched


@pytest.mark.parametrize(("operator", "is_matched"), [("GT", True), ("GE", True), ("LT", False), ("NE", True)])
def test_sizes(operator: str, is_matched: bool):
    settings = {"FieldToMatch": {"QueryString": {}}, "ComparisonOperator": operator, "Size": 3}
    statement = {"SizeConstraintStatement": {**settings, "TextTransformations": [{"Priority": 0, "Type": "NONE"}]}}
    assert matched(statement, request(query="1234")) is is_matched


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_rate_is_counted_for_each_viewer_within_its_window():
    clock = Clock()
    limited = {"RateBasedStatement": {"Limit": 10, "EvaluationWindowSec": 60, "AggregateKeyType": "IP"}}
    rules = rule_set([rule("R", limited, BLOCK)], rates=Rates(time_scale=0.5, clock=clock))
    assert [rules.decide(request()).allowed for _ in range(12)] == [True] * 10 + [False] * 2
    assert rules.decide(request("198.51.100.1")).allowed
    clock.now += 30.1  # a minute of AWS's
    assert rules.decide(request()).allowed


def test_a_rate_can_be_of_some_requests_only():
    api = path_is("STARTS_WITH", "/api")
    limited = {"RateBasedStatement": {"Limit": 10, "AggregateKeyType": "CONSTANT", "ScopeDownStatement": api}}
    rules = rule_set([rule("R", limited, BLOCK)])
    assert all(rules.decide(request(path="/")).allowed for _ in range(20))
    sent = [request(f"192.0.2.{number}", path="/api") for number in range(11)]
    assert [rules.decide(each).allowed for each in sent] == [True] * 10 + [False]


@given(st.ip_addresses(v=6), st.integers(1, 128))
def test_an_address_comes_back_as_the_same_network(address: ipaddress.IPv6Address, prefix: int):
    network = ipaddress.ip_network(f"{address}/{prefix}", strict=False)
    (canonical,) = canonical_addresses([str(network), network.exploded, network.compressed.upper()], "IPV6")
    assert ipaddress.ip_network(canonical) == network


@given(st.text(max_size=50))
def test_nothing_but_networks_gets_in(given_text: str):
    assert is_refused(given_text) or ipaddress.ip_network(given_text).prefixlen > 0


def is_refused(given_text: str) -> bool:
    try:
        canonical_addresses([given_text], "IPV4")
    except InvalidAddressError as error:
        return str(error) == given_text
    return False
