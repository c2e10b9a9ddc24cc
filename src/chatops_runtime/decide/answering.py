"""Answering a question: an approval, a confirmation, or a choice from a menu."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts import asking, decision
from chatops_runtime.decide import answers, may_answer, words
from chatops_runtime.decide.answers import UnfitError
from chatops_runtime.decide.looks import Looks, NotYetError
from chatops_runtime.decide.outcome import Outcome
from chatops_runtime.decide.turn import Ending

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chatops_runtime.authorization.authorizer import Authorizer
    from chatops_runtime.decide.click import Click
    from chatops_runtime.decide.history import Histories, Standing
    from chatops_runtime.decide.target import Target
    from chatops_runtime.decide.tokens import Tokens
    from chatops_runtime.decide.turn import Turn


class Answering:
    """Answers questions by clicks."""

    def __init__(
        self,
        histories: Histories,
        tokens: Tokens,
        authorizer: Callable[[], Authorizer],
        looks: Looks | None = None,
    ) -> None:
        """With what it takes.

        Args:
            histories: What is asked.
            tokens: What it is answered with.
            authorizer: Knows who may approve, when that is to be known.
            looks: How often it is looked whether the question waits.
        """
        self._histories = histories
        self._tokens = tokens
        self._authorizer = authorizer
        self._looks = looks or Looks()

    def outcome(self, click: Click, target: Target) -> Outcome:
        """Answer the question of the target, if who clicked may and it is open.

        Raises:
            NotYetError: It is about to be open, but was not for some seconds.
        """
        for _ in self._looks:
            standing = self._histories.question(target)
            turn = standing.open_turn
            if turn is not None:
                outcome = self._answered(click, target, turn)
                if outcome is not None:
                    return outcome
                # Somebody was faster: the next turn is to be answered now, or it is to be said what was decided.
            elif not standing.is_about_to_wait:
                return _settled(click, target, standing)
        raise NotYetError("the question does not wait for an answer yet")

    def _answered(self, click: Click, target: Target, turn: Turn) -> Outcome | None:
        """What came of the click, or None if its turn was spent."""
        decided = answers.decision_of(click, turn)
        if decided is None:
            return Outcome(decision.UNKNOWN, words.UNKNOWN)
        refusal = may_answer.refusal(click, target, turn, self._authorizer)
        if refusal is not None:
            return refusal
        if click.switched_off and decided in answers.STOPPED_BY_SWITCH:
            return Outcome(decision.SWITCHED_OFF, click.switched_off)
        try:
            answer = answers.answer(click, target, turn, decided)
        except UnfitError as unfit:
            return Outcome(decision.UNFIT, str(unfit))
        return _said(target, turn, answer) if self._tokens.redeem(turn.token, answer) else None


def _settled(click: Click, target: Target, standing: Standing) -> Outcome:
    """What is said of a question that is not open, nor will be."""
    turn = standing.turn
    if not standing.asked:
        return Outcome(decision.UNKNOWN, words.UNKNOWN)
    if turn is None:
        return Outcome(decision.OVER, words.over(target))
    ending = turn.ending
    if ending is None:
        return Outcome(decision.OVER, words.over(target), replaces=_may_replace(click, turn))
    is_own = click.user_id in ending.by and ending.state == answers.decision_of(click, turn)
    if is_own and not turn.is_card:
        # This click, tried again after its answer had arrived, or the same click once more.
        return _said(target, turn, turn.answer)
    name = ending.state if is_own or not ending.by else decision.DECIDED_ALREADY
    return Outcome(name, words.ended(target, ending), replaces=_may_replace(click, turn))


def _said(target: Target, turn: Turn, answer: Mapping[str, Any]) -> Outcome:
    """What is said of an answer: by the card itself, or in place of the message."""
    decided, by = answer["decision"], answer["by"]
    if turn.is_card:
        return Outcome(decided)
    if decided == asking.CHOSEN:
        return Outcome(decided, words.chosen(target, by, answers.labels(answer, turn)), replaces=True)
    return Outcome(decided, words.ended(target, Ending(decided, (by,))), replaces=True)


def _may_replace(click: Click, turn: Turn) -> bool:
    """Whether the message may be taken away: by nobody but whose it is, and no card, which is brought up to date."""
    return not turn.is_card and click.user_id == turn.request["user_id"]
