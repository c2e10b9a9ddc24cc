"""Approvals, confirmations, turns and menus that could not work: refused when they are written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_constructs import (
    Action,
    ActionContext,
    Allow,
    Approval,
    BoundAction,
    Choice,
    Concurrency,
    Ec2Targets,
    RunScript,
    SlackCredentials,
)
from tests.constructs.stacks import WEB, add, endpoint

if TYPE_CHECKING:
    from constructs import Construct

NONE: Any = None
TWO = Allow.user("U0ONE", "U0TWO")


def approval(**options: Any) -> Approval:
    return Approval(**{"by": TWO, "channel": "C0123OPS", **options})


def with_bot_token(stack: cdk.Stack) -> Any:
    return endpoint(stack, credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True))


class TestApproval:
    def test_defaults(self) -> None:
        assert (approval().quorum, approval().seconds) == (1, 600)

    @pytest.mark.parametrize(
        ("options", "parts"),
        [
            ({"by": NONE}, ["by is None", "Allow.user", "who may approve"]),
            ({"by": "U0ONE"}, ["by is 'U0ONE'"]),
            ({"channel": "#ops"}, ["channel is '#ops'", "not a name", "copy the id"]),
            ({"channel": "U0ONE"}, ["channel is 'U0ONE'"]),
            ({"quorum": 0}, ["quorum is 0", "1 to 2"]),
            ({"quorum": -1}, ["quorum is -1"]),
            ({"quorum": 3}, ["quorum is 3", "1 to 2, as many as `by` names", "different people"]),
            ({"quorum": True}, ["quorum is True"]),
            ({"quorum": 1.5}, ["quorum is 1.5"]),
            ({"by": Allow.user_group("S0ADMINS"), "quorum": 51}, ["quorum is 51", "1 to 50;"]),
            ({"by": Allow.user("U0ONE") | TWO, "quorum": 3}, ["1 to 2, as many"]),
            ({"by": TWO & Allow.user_group("S0ADMINS"), "quorum": 3}, ["1 to 2, as many"]),
            ({"by": TWO & Allow.user("U0ONE"), "quorum": 2}, ["1 to 1, as many"]),
            ({"within": cdk.Duration.seconds(59)}, ["within is", "1 minute to 1 day"]),
            ({"within": cdk.Duration.hours(25)}, ["within is", "1 minute to 1 day"]),
            ({"within": cdk.Duration.millis(60_500)}, ["within is"]),
            ({"within": 600}, ["within is 600"]),
            ({"by": Allow.channel("C0OTHER")}, ["by is 'a rule for other channels'", "clicks in C0123OPS"]),
            ({"by": TWO & Allow.channel("C0OTHER")}, ["by is 'a rule for other channels'"]),
        ],
    )
    def test_nobody_could_approve(self, options: dict[str, Any], parts: list[str]) -> None:
        with pytest.raises(ValueError, match="Approval: ") as caught:
            approval(**options)
        assert [part for part in parts if part not in str(caught.value)] == []

    def test_all_that_is_wrong_is_told_at_once(self) -> None:
        with pytest.raises(ValueError, match=r"(?s)by is.*channel is.*quorum is.*within is"):
            Approval(by=NONE, channel="", quorum=0, within=cdk.Duration.seconds(1))

    @given(st.sets(st.from_regex(r"U[A-Z0-9]{5}", fullmatch=True), min_size=1, max_size=8), st.integers(-3, 60))
    def test_a_quorum_is_taken_if_so_many_are_named(self, ids: set[str], quorum: int) -> None:
        named = Allow.user(*ids)
        if 1 <= quorum <= len(ids):
            assert approval(by=named, quorum=quorum).quorum == quorum
        else:
            with pytest.raises(ValueError, match="quorum"):
                approval(by=named, quorum=quorum)

    def test_the_channel_of_the_card_may_be_one_of_several(self) -> None:
        assert approval(by=Allow.channel("C0OTHER", "C0123OPS"))
        assert approval(by=Allow.channel("C0OTHER") | TWO)

    def test_of_a_group_nobody_knows_how_many_there_are(self) -> None:
        assert approval(by=TWO | Allow.user_group("S0ADMINS"), quorum=3).quorum == 3
        assert approval(by=Allow.workspace(), quorum=50).quorum == 50


class Asking(Action):
    """An action that asks something itself."""

    accepts_text = False
    asks = True

    def bind(self, scope: Construct, context: ActionContext) -> BoundAction:
        raise NotImplementedError


class TestCommand:
    @pytest.mark.parametrize(
        ("options", "parts"),
        [
            ({"approval": "U0ONE"}, ["approval is 'U0ONE'", "Approval(by="]),
            ({"confirm": "yes"}, ["confirm is 'yes'", "True or False"]),
            ({"concurrency": 1}, ["concurrency is 1", "Concurrency.ONE"]),
            ({"approval": approval(), "confirm": True}, ["confirm is True", "no confirmation with an approval"]),
            ({"approval": approval(by=TWO.when("stage", "prod"))}, ["approval.by", "argument stage"]),
        ],
    )
    def test_wrong(self, stack: cdk.Stack, options: dict[str, Any], parts: list[str]) -> None:
        with pytest.raises(ValueError, match="SlackCommandEndpoint 'Ops/Slack': ") as caught:
            add(with_bot_token(stack), "/ps", **options)
        assert [part for part in parts if part not in str(caught.value)] == []

    def test_an_approval_needs_a_bot_token(self, stack: cdk.Stack) -> None:
        with pytest.raises(ValueError, match=r"approval is.*with a bot token only.*bot_token=True"):
            add(endpoint(stack), "/ps", approval=approval())

    def test_without_a_bot_token_three_questions_fit(self, stack: cdk.Stack) -> None:
        slack = endpoint(stack)
        menus = [Choice(name, ["a", "b"]) for name in ("one", "two", "three", "four")]
        short = RunScript("ps", targets=WEB, timeout=cdk.Duration.minutes(1))
        add(slack, "/three", short, arguments=menus[:3])
        for options in ({"arguments": menus}, {"arguments": menus[:3], "confirm": True}):
            with pytest.raises(ValueError, match=r"arguments is '4 questions.*3 without a bot token.*default"):
                add(slack, "/four", short, **options)
        with pytest.raises(ValueError, match="4 questions"):
            add(slack, "/four", Asking(), arguments=menus[:3])

    def test_with_one_any_number_does(self, stack: cdk.Stack) -> None:
        menus = [Choice(f"n{number}", ["a", "b"]) for number in range(6)]
        assert add(with_bot_token(stack), "/many", arguments=menus, confirm=True)

    def test_questions_count_towards_the_time_without_a_bot_token(self, stack: cdk.Stack) -> None:
        slack = endpoint(stack)
        add(slack, "/plain", RunScript("ps", targets=WEB, timeout=cdk.Duration.minutes(22)))
        with pytest.raises(ValueError, match="questions, timeouts and margins included"):
            add(slack, "/asks", RunScript("ps", targets=WEB, timeout=cdk.Duration.minutes(22)), confirm=True)

    def test_what_is_refused_leaves_nothing_behind(self, stack: cdk.Stack) -> None:
        slack = endpoint(stack)
        with pytest.raises(ValueError, match="approval"):
            add(slack, "/ps", approval=approval())
        assert add(slack, "/ps", concurrency=Concurrency.ONE)


@pytest.mark.parametrize("most", [0, -1, 51, True, 1.5, NONE, "1"])
def test_pick_so_many(most: Any) -> None:
    with pytest.raises(ValueError, match=r"Ec2Targets.pick: max is .*1 to 50.*how many"):
        Ec2Targets.by_ids("i-01234567").pick(max=most)


def test_picked_targets_say_how_many() -> None:
    assert WEB.pick().description == "1 of Role=web"
    assert WEB.pick(max=3).description == "up to 3 of Role=web"
    assert WEB.pick().filters == WEB.filters
    assert WEB.most_picked is None
    assert not WEB.pick().by_tags
