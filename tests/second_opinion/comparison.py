"""Where the two opinions differ, and which differences are understood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.second_opinion.questions import Question

KNOWN: dict[tuple[str, str], str] = {
    ("states:SendTaskSuccess", "must.use.wildcard"): (
        "AWS's service authorization reference lists no resources for SendTask*, so that iam-simulate refuses the "
        "question. AWS judges by the ARN of the machine that waits, as its error messages say and as CDK's "
        "StateMachine.grantTaskResponse grants."
    ),
    ("dynamodb:ListStreams", "must.use.wildcard"): (
        "The reference lists no resources for it. AWS's own example of a policy for Lambda grants it on the stream: "
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/iam-policy-example-lamda-process-dynamodb-streams.html"
    ),
}
"""By action and by what iam-simulate says: why we do not follow it."""


@dataclass(frozen=True)
class Disagreement:
    """One request that the two decide differently about."""

    question: Question
    theirs: str
    their_reason: str

    @property
    def known(self) -> tuple[str, str] | None:
        """The entry of `KNOWN` about it."""
        action = self.question.asked["action"]
        return next((key for key in KNOWN if key[0] == action and key[1] in self.their_reason), None)

    def __str__(self) -> str:
        """Both opinions, with what was asked."""
        asked = self.question.asked
        return (
            f"{self.question.about}: {asked['action']} on {asked['resource']} with {asked['context']}\n"
            f"    ours:   {self.question.ours} ({self.question.our_reason})\n"
            f"    theirs: {self.theirs} ({self.their_reason})"
        )


def disagreements(questions: Iterable[Question], answers: Iterable[Mapping[str, Any]]) -> list[Disagreement]:
    """The questions that were answered differently."""
    return [
        Disagreement(question, answer["decision"], answer["reason"])
        for question, answer in zip(questions, answers, strict=True)
        if question.ours != answer["decision"]
    ]


def problems(found: list[Disagreement]) -> list[str]:
    """What makes the check fail: differences that are not known, and known ones that are none any more."""
    unknown = [str(each) for each in found if each.known is None]
    seen = {each.known for each in found}
    stale = [
        f"{key} is listed as a known difference but nothing differs: remove it" for key in KNOWN if key not in seen
    ]
    return unknown + stale
