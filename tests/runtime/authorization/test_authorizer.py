"""Rules that hang on what only Slack knows: asked for no more than it takes, and nobody let on a guess."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.authorization import memory
from chatops_runtime.authorization import rule as rules
from chatops_runtime.authorization.authorizer import Judgement
from chatops_runtime.contracts import authorization as contract
from chatops_runtime.slack.token_way import WayClosedError
from chatops_runtime.slack.web_client import SlackRefusedError, SlackRetryable
from tests.runtime.authorization.directory_double import DirectoryDouble, person

ADMINS = {"kind": "user_group", "ids": ["S0ADMINS"]}
MEMBERS = {"kind": "members"}
NOBODY = {"kind": "any", "of": []}
EVERYBODY = {"kind": "workspace"}
PROD = {"kind": "argument", "name": "stage", "values": ["prod"]}

ALLOWED = Judgement(allowed=True)
REFUSED = Judgement(allowed=False, why=contract.NOT_ALLOWED)


def all_of(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "all", "of": list(parts)}


def any_of(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "any", "of": list(parts)}


@pytest.fixture
def slack() -> DirectoryDouble:
    return DirectoryDouble()


def judged(slack: DirectoryDouble, rule: dict[str, Any], user_id: str = "U0ADA", **arguments: Any) -> Judgement:
    return slack.authorizer().judge(rule, user_id=user_id, channel_id="C0123OPS", arguments=arguments)


@pytest.mark.parametrize(
    ("rule", "user_id", "expected"),
    [
        (ADMINS, "U0ADA", ALLOWED),
        (ADMINS, "U0TARO", REFUSED),
        ({"kind": "user_group", "ids": []}, "U0ADA", REFUSED),
        ({"kind": "user_group", "ids": ["S0EMPTY", "S0ADMINS"]}, "U0ADA", ALLOWED),
        (MEMBERS, "U0TARO", ALLOWED),
        (MEMBERS, "U0NOBODY", REFUSED),
        (all_of(ADMINS, MEMBERS), "U0ADA", ALLOWED),
        (all_of(ADMINS, MEMBERS), "U0TARO", REFUSED),
        (any_of(ADMINS, MEMBERS), "U0TARO", ALLOWED),
        (all_of(ADMINS, {"kind": "channel", "ids": ["C0123OPS"]}), "U0ADA", ALLOWED),
        (any_of(all_of(ADMINS, NOBODY), all_of(MEMBERS, EVERYBODY)), "U0TARO", ALLOWED),
        (all_of(any_of(ADMINS, NOBODY), EVERYBODY), "U0TARO", REFUSED),
        ({"kind": "full_moon"}, "U0ADA", REFUSED),
    ],
)
def test_what_slack_knows_completes_the_rule(slack, rule, user_id, expected):
    assert judged(slack, rule, user_id) == expected


def test_an_argument_that_nobody_chose_lets_nobody(slack):
    assert judged(slack, all_of(ADMINS, PROD), stage=None) == REFUSED
    assert judged(slack, PROD, stage=None) == REFUSED
    assert judged(slack, all_of(ADMINS, PROD), stage="prod") == ALLOWED


def test_what_is_known_without_slack_is_not_asked_for(slack):
    assert judged(slack, EVERYBODY) == ALLOWED
    assert judged(slack, all_of(ADMINS, NOBODY)) == REFUSED
    assert judged(slack, any_of(ADMINS, EVERYBODY)) == ALLOWED
    assert slack.calls == []


def test_no_more_is_asked_than_it_takes(slack):
    assert judged(slack, any_of(ADMINS, MEMBERS), "U0ADA") == ALLOWED
    assert judged(slack, all_of(ADMINS, MEMBERS), "U0TARO") == REFUSED
    assert {method for method, _ in slack.calls} == {"usergroups.users.list"}


@pytest.mark.parametrize(
    ("failure", "why", "words"),
    [
        (SlackRetryable("HTTP 503"), contract.SLACK_UNAVAILABLE, "HTTP 503"),
        (SlackRefusedError("missing_scope", 200), contract.SLACK_REFUSED, "missing_scope"),
        (SlackRefusedError("no_such_subteam", 200), contract.SLACK_REFUSED, "no_such_subteam"),
        (WayClosedError("the app has no bot token"), contract.SLACK_REFUSED, "no bot token"),
    ],
)
def test_whom_slack_does_not_vouch_for_is_not_let_and_is_told_why(slack, failure, why, words):
    slack.failures["usergroups.users.list"] = failure
    judgement = judged(slack, ADMINS)
    assert (judgement.allowed, judgement.why) == (False, why)
    assert words in judgement.detail
    assert "usergroups.users.list" in judgement.detail


def test_another_way_in_lets_whatever_slack_does_not_tell(slack):
    slack.failures["S0GONE"] = SlackRetryable("HTTP 503")
    gone = {"kind": "user_group", "ids": ["S0GONE"]}
    assert judged(slack, any_of(gone, ADMINS)) == ALLOWED
    assert judged(slack, {"kind": "user_group", "ids": ["S0GONE", "S0ADMINS"]}) == ALLOWED
    assert judged(slack, any_of(gone, ADMINS), "U0TARO").why == contract.SLACK_UNAVAILABLE
    assert judged(slack, all_of(gone, ADMINS), "U0TARO") == REFUSED
    assert judged(slack, all_of(gone, ADMINS)).why == contract.SLACK_UNAVAILABLE


@pytest.mark.parametrize("answer", [{}, {"users": None}, {"users": "U0ADA"}, {"users": [1]}])
def test_an_answer_that_is_no_list_of_users_lets_nobody(slack, answer):
    slack.answers["usergroups.users.list"] = answer
    assert judged(slack, ADMINS).why == contract.SLACK_REFUSED


@pytest.mark.parametrize(
    "changes",
    [
        {"deleted": True},
        {"is_restricted": True},
        {"is_restricted": True, "is_ultra_restricted": True},
        {"is_restricted": None},
        {"is_ultra_restricted": None},
        {"is_stranger": True},
        {"team_id": "T0OTHER"},
        {"team_id": "T0OTHER", "enterprise_user": {"teams": ["T0THIRD"]}},
        {"team_id": None},
    ],
)
def test_guests_strangers_and_people_of_other_workspaces_are_no_members(slack, changes):
    slack.people["U0TARO"] = person("U0TARO", **changes)
    assert judged(slack, MEMBERS, "U0TARO") == REFUSED


def test_a_member_of_the_organisation_who_is_in_this_workspace_too_is_a_member(slack):
    teams = {"teams": ["T0OTHER", "T0123ABCD"]}
    slack.people["U0TARO"] = person("U0TARO", team_id="T0OTHER", enterprise_user=teams)
    assert judged(slack, MEMBERS, "U0TARO") == ALLOWED


@pytest.mark.parametrize("answer", [{}, {"user": None}, {"user": person("U0ADA")}])
def test_an_answer_about_somebody_else_lets_nobody(slack, answer):
    slack.answers["users.info"] = answer
    assert judged(slack, MEMBERS, "U0TARO").why == contract.SLACK_REFUSED


def test_a_group_is_asked_for_once_a_minute(slack):
    authorizer = slack.authorizer()

    def may(user_id: str) -> bool:
        return bool(authorizer.judge(ADMINS, user_id=user_id, channel_id="C0123OPS", arguments={}).allowed)

    assert may("U0ADA")
    slack.groups["S0ADMINS"] = ["U0TARO"]
    slack.now += memory.KEPT_SECONDS - 1
    assert may("U0ADA"), "for a minute the last answer holds"
    assert not may("U0TARO")
    slack.now += 1
    assert not may("U0ADA")
    assert may("U0TARO")
    assert len(slack.calls) == 2


def test_a_clock_that_was_put_back_makes_nothing_fresh(slack):
    authorizer = slack.authorizer()
    assert authorizer.judge(ADMINS, user_id="U0ADA", channel_id="C0123OPS", arguments={}).allowed
    slack.groups["S0ADMINS"] = []
    slack.now -= 3600
    assert not authorizer.judge(ADMINS, user_id="U0ADA", channel_id="C0123OPS", arguments={}).allowed


def test_a_failure_is_not_kept(slack):
    authorizer = slack.authorizer()
    slack.failures["S0ADMINS"] = SlackRetryable("HTTP 503")
    assert not authorizer.judge(ADMINS, user_id="U0ADA", channel_id="C0123OPS", arguments={}).allowed
    slack.failures.clear()
    assert authorizer.judge(ADMINS, user_id="U0ADA", channel_id="C0123OPS", arguments={}).allowed


LEAVES = st.sampled_from(
    [EVERYBODY, NOBODY, ADMINS, MEMBERS, PROD, {"kind": "user_group", "ids": ["S0EMPTY"]}, {"kind": "full_moon"}]
)
RULES = st.recursive(
    LEAVES,
    lambda parts: st.builds(
        lambda kind, of: {"kind": kind, "of": of}, st.sampled_from(["all", "any"]), st.lists(parts, max_size=4)
    ),
    max_leaves=12,
)


def truth(rule: dict[str, Any], user_id: str) -> bool:
    """What the rule says of somebody, if one knows everything."""
    if rule["kind"] in {"all", "any"}:
        parts = [truth(part, user_id) for part in rule["of"]]
        return bool(parts) and all(parts) if rule["kind"] == "all" else any(parts)
    if rule == ADMINS:
        return user_id in {"U0ADA", "U0BEN"}
    return rule in (EVERYBODY, PROD) or (rule == MEMBERS and user_id != "U0GUEST")


@given(rule=RULES, user_id=st.sampled_from(["U0ADA", "U0TARO", "U0GUEST"]))
def test_any_rule_is_judged_as_by_one_who_knows_everything(rule, user_id):
    slack = DirectoryDouble()
    slack.people["U0GUEST"] = person("U0GUEST", is_restricted=True)
    assert judged(slack, rule, user_id, stage="prod").allowed is truth(rule, user_id)


@given(rule=RULES, away=st.sets(st.sampled_from(["S0ADMINS", "S0EMPTY", "users.info"])))
def test_what_slack_does_not_tell_never_lets_anybody_in(rule, away):
    slack = DirectoryDouble()
    slack.failures.update({each: SlackRetryable("away") for each in away})
    judgement = judged(slack, rule, "U0ADA", stage="prod")
    assert not judgement.allowed or truth(rule, "U0ADA")
    if judgement.why == contract.NOT_ALLOWED:
        assert not truth(rule, "U0ADA")


@given(rule=RULES)
def test_what_dispatch_knows_already_stays_so(rule):
    """The ack path and this function never contradict each other."""
    known = rules.verdict(rule, user_id="U0ADA", channel_id="C0123OPS", arguments={"stage": "prod"})
    if known is not None:
        assert judged(DirectoryDouble(), rule, "U0ADA", stage="prod").allowed is known
