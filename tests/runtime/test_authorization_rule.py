"""Rules judged without asking anybody: three values, and what cannot be known is never taken for a yes."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.authorization.rule import verdict, who_may
from tests.fuzz.hostile import UNTIMED

WORKSPACE = {"kind": "workspace"}
MEMBERS = {"kind": "members"}
CHANNEL = {"kind": "channel", "ids": ["C0OPS", "C0ADM"]}
TARO = {"kind": "user", "ids": ["U0TARO"]}
HANA = {"kind": "user", "ids": ["U0HANA"]}
GROUP = {"kind": "user_group", "ids": ["S0ADMINS"]}
PROD = {"kind": "argument", "name": "stage", "values": ["prod", "staging"]}


def all_of(*rules: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "all", "of": list(rules)}


def any_of(*rules: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "any", "of": list(rules)}


def judged(rule: dict[str, Any], arguments: dict[str, Any] | None = None) -> bool | None:
    """The verdict on Taro, who asks from the channel of operations."""
    return verdict(rule, user_id="U0TARO", channel_id="C0OPS", arguments=arguments)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (WORKSPACE, True),
        (CHANNEL, True),
        ({"kind": "channel", "ids": ["C0OPSX", "C0OP"]}, False),
        (TARO, True),
        (HANA, False),
        (GROUP, None),
        (MEMBERS, None),
        ({"kind": "user", "ids": []}, False),
        ({"kind": "full_moon"}, False),
        (all_of(), False),
        (any_of(), False),
        (all_of(TARO, CHANNEL), True),
        (all_of(TARO, GROUP), None),
        (all_of(HANA, GROUP), False),
        (all_of(GROUP, {"kind": "full_moon"}), False),
        (any_of(HANA, GROUP), None),
        (any_of(TARO, GROUP), True),
        (any_of(HANA, {"kind": "full_moon"}), False),
        (any_of(all_of(HANA, GROUP), all_of(MEMBERS, CHANNEL)), None),
    ],
)
def test_people_and_places(rule, expected):
    assert judged(rule) is expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"stage": "prod"}, True),
        ({"stage": "dev"}, False),
        ({"stage": "PROD"}, False),
        ({}, False),
        ({"Stage": "prod"}, False),
        ({"stage": None}, None),
        (None, None),
    ],
)
def test_an_argument_that_is_still_to_be_chosen_leaves_it_open(arguments, expected):
    assert judged(PROD, arguments) is expected
    assert judged(all_of(TARO, PROD), arguments) is expected
    assert judged(all_of(HANA, PROD), arguments) is False
    assert judged(any_of(TARO, PROD), arguments) is True


@pytest.mark.parametrize(
    ("value", "values", "expected"),
    [
        (True, ["true"], True),
        (False, ["true"], False),
        (1, ["true"], False),
        (True, ["1"], False),
        (10, ["10"], True),
        (10, ["1"], False),
        ("1", ["1"], True),
    ],
)
def test_values_are_compared_as_a_script_sees_them(value, values, expected):
    rule = {"kind": "argument", "name": "it", "values": values}
    assert judged(rule, {"it": value}) is expected


def test_nobody_is_let_by_being_nobody():
    assert verdict(TARO, user_id="", channel_id="", arguments={}) is False
    assert verdict(CHANNEL, user_id="", channel_id="", arguments={}) is False


leaves = st.sampled_from([WORKSPACE, CHANNEL, TARO, HANA, GROUP, MEMBERS, PROD, {"kind": "full_moon"}])
rules = st.recursive(
    leaves, lambda inner: st.builds(all_of, inner, inner) | st.builds(any_of, inner, inner) | st.builds(all_of, inner)
)


@UNTIMED
@given(rules, st.booleans(), st.booleans(), st.sampled_from(["prod", "dev"]))
def test_what_is_judged_now_holds_whatever_turns_out(rule, in_group, is_member, stage):
    """The oracle knows all and judges with two values."""

    def knowing(rule: dict[str, Any]) -> bool:
        kind = rule["kind"]
        if kind in {"all", "any"}:
            return (all if kind == "all" else any)(map(knowing, rule["of"]))
        known = {"user_group": in_group, "members": is_member, "argument": stage == "prod"}
        return known[kind] if kind in known else bool(judged(rule))

    before, truth = judged(rule), knowing(rule)
    assert before in {None, truth}


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (WORKSPACE, "everybody in this workspace"),
        (MEMBERS, "everybody in this workspace who is no guest"),
        (CHANNEL, "everybody in <#C0OPS>, <#C0ADM>"),
        (TARO, "<@U0TARO>"),
        (GROUP, "members of <!subteam^S0ADMINS>"),
        (any_of(TARO, GROUP), "<@U0TARO> or members of <!subteam^S0ADMINS>"),
        (all_of(GROUP, PROD), "members of <!subteam^S0ADMINS> if `stage` is `prod`, `staging`"),
        (all_of(CHANNEL, PROD), "everybody in <#C0OPS>, <#C0ADM> if `stage` is `prod`, `staging`"),
        (all_of(any_of(TARO, HANA), GROUP), "(<@U0TARO> or <@U0HANA>) who are also members of <!subteam^S0ADMINS>"),
        (PROD, "everybody if `stage` is `prod`, `staging`"),
        (any_of(), "nobody"),
        (all_of(), "nobody"),
        ({"kind": "user", "ids": []}, "nobody"),
        ({"kind": "full_moon"}, "nobody: this endpoint does not know the rule `full_moon`"),
    ],
)
def test_who_may_in_words(rule, words):
    assert who_may(rule, mentions=True) == words


@UNTIMED
@given(rules)
def test_words_for_a_channel_mention_nobody(rule):
    assert not re.search("<[@!]", who_may(rule))


def test_without_mentions_there_are_ids():
    assert who_may(any_of(TARO, GROUP)) == "`U0TARO` or members of `S0ADMINS`"
