"""Rules: how they are written down, how they combine, and what dispatch makes of them."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_constructs import Allow, Choice, Flag, SlackCredentials, Text
from chatops_constructs.slack.rule_checks import is_judged_at_once
from chatops_runtime.authorization.rule import verdict
from tests.constructs.stacks import add, endpoint, new_stack

if TYPE_CHECKING:
    from chatops_constructs import SlackCommandEndpoint

WORKSPACE = Allow.workspace()
MEMBERS = Allow.workspace(guests=False)
OPS = Allow.channel("C0123OPS")
BOSS = Allow.user("U0999BOSS")
ADMINS = Allow.user_group("S0123ADMINS", "S0456ADMINS")

STAGE = Choice("stage", ["dev", "prod"], default="dev")
WITH_TOKEN = SlackCredentials.from_parameters("/ops/prod", bot_token=True)

RENDERED: dict[str, tuple[Allow, dict[str, Any]]] = {
    "workspace": (WORKSPACE, {"kind": "workspace"}),
    "members": (MEMBERS, {"kind": "members"}),
    "channel": (OPS, {"kind": "channel", "ids": ["C0123OPS"]}),
    "user": (Allow.user("U1AA", "U2BB", "U1AA"), {"kind": "user", "ids": ["U1AA", "U2BB"]}),
    "user group": (ADMINS, {"kind": "user_group", "ids": ["S0123ADMINS", "S0456ADMINS"]}),
    "both": (OPS & BOSS, {"kind": "all", "of": [OPS.render(), BOSS.render()]}),
    "one of three": (OPS | BOSS | ADMINS, {"kind": "any", "of": [OPS.render(), BOSS.render(), ADMINS.render()]}),
    "and before or": (
        OPS | BOSS & ADMINS,
        {"kind": "any", "of": [OPS.render(), {"kind": "all", "of": [BOSS.render(), ADMINS.render()]}]},
    ),
    "twice the same": (OPS | BOSS | OPS, {"kind": "any", "of": [OPS.render(), BOSS.render()]}),
    "a value": (
        BOSS.when("stage", "prod", "dev"),
        {"kind": "all", "of": [BOSS.render(), {"kind": "argument", "name": "stage", "values": ["prod", "dev"]}]},
    ),
    "values as scripts get them": (
        BOSS.when("force", True).when("count", 1),
        {
            "kind": "all",
            "of": [
                BOSS.render(),
                {"kind": "argument", "name": "force", "values": ["true"]},
                {"kind": "argument", "name": "count", "values": ["1"]},
            ],
        },
    ),
}


@pytest.mark.parametrize("name", RENDERED)
def test_is_written_down(name: str) -> None:
    rule, rendered = RENDERED[name]
    assert rule.render() == rendered


SIMPLE = {
    "workspace": WORKSPACE,
    "members": MEMBERS,
    "ops": OPS,
    "boss": BOSS,
    "admins": ADMINS,
    "prod": WORKSPACE.when("stage", "prod"),
}
EXPRESSIONS = st.recursive(
    st.sampled_from(sorted(SIMPLE)), lambda parts: st.tuples(st.sampled_from(["&", "|"]), parts, parts), max_leaves=8
)


def rule_of(expression: Any) -> Allow:
    if isinstance(expression, str):
        return SIMPLE[expression]
    sign, left, right = expression
    return rule_of(left) & rule_of(right) if sign == "&" else rule_of(left) | rule_of(right)


def lets_in(expression: Any, known: dict[str, bool]) -> bool:
    if isinstance(expression, str):
        return known[expression]
    sign, left, right = expression
    both = lets_in(left, known), lets_in(right, known)
    return all(both) if sign == "&" else any(both)


@given(EXPRESSIONS, st.sampled_from(["U0999BOSS", "U0777"]), st.sampled_from(["C0123OPS", "C0666"]), st.booleans())
def test_dispatch_lets_in_whom_the_expression_lets_in(expression: Any, user: str, channel: str, prod: bool) -> None:
    """Whatever Slack will say of groups and guests; and only if that matters, the answer is not known yet."""
    known = {"workspace": True, "ops": channel == "C0123OPS", "boss": user == "U0999BOSS", "prod": prod}
    whatever_slack_says = {
        lets_in(expression, {**known, "members": members, "admins": admins})
        for members, admins in product((True, False), repeat=2)
    }
    answer = verdict(
        rule_of(expression).render(),
        user_id=user,
        channel_id=channel,
        arguments={"stage": "prod" if prod else "dev"},
    )
    assert whatever_slack_says == ({True, False} if answer is None else {answer})


@given(EXPRESSIONS)
def test_slack_is_needed_for_groups_and_guests_only(expression: Any) -> None:
    rule = rule_of(expression)
    scopes = {"admins": "usergroups:read", "members": "users:read"}
    used = {scope for name, scope in scopes.items() if f"'{name}'" in repr(expression) or expression == name}
    assert rule.scopes == used
    assert rule.needs_slack == bool(used)


@pytest.mark.parametrize("arguments", [None, {}, {"stage": None}, {"stage": "dev"}])
def test_when_the_argument_is_absent_it_lets_nobody_in(arguments: dict[str, Any] | None) -> None:
    answer = verdict(WORKSPACE.when("stage", "prod").render(), user_id="U1", channel_id="C1", arguments=arguments)
    still_to_be_chosen = arguments is None or arguments == {"stage": None}
    assert answer is (None if still_to_be_chosen else False)


def test_a_rule_is_neither_true_nor_false() -> None:
    with pytest.raises(TypeError, match=r"combine rules with & and \|"):
        bool(OPS)


@pytest.mark.parametrize("other", [True, None, "C0123OPS", {"kind": "workspace"}])
def test_a_rule_combines_with_rules_only(other: Any) -> None:
    with pytest.raises(TypeError):
        OPS & other
    with pytest.raises(TypeError):
        OPS | other


BAD_CONDITIONS: dict[str, tuple[tuple[Any, ...], str]] = {
    "no value": (("stage",), "values is (); allowed: one or more values"),
    "no name": (("", "prod"), "argument is ''"),
    "a list": (("stage", ["dev", "prod"]), "values is (['dev', 'prod'],)"),
    "None": (("stage", None), "values is (None,)"),
}


@pytest.mark.parametrize("name", BAD_CONDITIONS)
def test_a_condition_is_refused(name: str) -> None:
    given_ones, wrong = BAD_CONDITIONS[name]
    with pytest.raises(ValueError, match=r"^Allow\.when: ") as error:
        WORKSPACE.when(*given_ones)
    assert wrong in str(error.value)


@pytest.mark.parametrize(
    ("ids", "wrong"), [((), "one or more ids"), (("@admins",), "an id: S and"), (("U1AA",), "S and")]
)
def test_a_user_group_has_an_id(ids: tuple[str, ...], wrong: str) -> None:
    with pytest.raises(ValueError, match=r"^Allow\.user_group: user_group_ids is") as error:
        Allow.user_group(*ids)
    assert wrong in str(error.value)


class TestOfACommand:
    @staticmethod
    def slack(**options: Any) -> SlackCommandEndpoint:
        return endpoint(new_stack()[1], **options)

    @pytest.mark.parametrize(("rule", "scope"), [(ADMINS, "usergroups:read"), (OPS | MEMBERS, "users:read")])
    def test_what_only_slack_knows_takes_a_bot_token(self, rule: Allow, scope: str) -> None:
        with pytest.raises(ValueError, match=r"bot_token=True\), and the bot " + scope):
            add(self.slack(), "/ops", allow=rule)
        add(self.slack(credentials=WITH_TOKEN), "/ops", allow=rule)

    @pytest.mark.parametrize("arguments", [[], [Text("state")]])
    def test_an_argument_that_there_is_not(self, arguments: list[Any]) -> None:
        with pytest.raises(ValueError, match="compares the argument stage'; allowed: arguments of the command"):
            add(self.slack(), "/ops", allow=BOSS | OPS.when("stage", "dev"), arguments=arguments)

    def test_a_value_that_there_is_not(self) -> None:
        with pytest.raises(ValueError, match=r"compares stage with dev, production'; allowed: .* dev, prod; correct"):
            add(self.slack(), "/ops", allow=OPS.when("stage", "dev", "production"), arguments=[STAGE])
        with pytest.raises(ValueError, match=r"compares force with yes'; allowed: .* false, true"):
            add(self.slack(), "/ops", allow=OPS.when("force", "yes"), arguments=[Flag("force")])

    def test_is_in_the_table(self) -> None:
        rule = OPS.when("stage", "dev") | BOSS
        command = add(self.slack(), "/ops", allow=rule, arguments=[STAGE, Text("note", rest=True)])
        assert command.entry["allow"] == rule.render()


@pytest.mark.parametrize(
    ("rule", "at_once"),
    [
        (OPS | BOSS, True),
        (OPS.when("stage", "prod"), True),  # it has a default
        (OPS.when("service", "app"), False),  # it may become a menu
        (OPS.when("force", True), True),
        (ADMINS & OPS, False),
        (MEMBERS, False),
    ],
)
def test_dispatch_judges_at_once(rule: Allow, at_once: bool) -> None:
    arguments = [STAGE, Choice("service", ["nginx", "app"]), Flag("force")]
    assert is_judged_at_once(rule, arguments) is at_once
