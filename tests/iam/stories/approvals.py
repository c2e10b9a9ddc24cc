"""The examples `approval`: somebody else agrees, or whoever typed it says that it is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.iam.apps import App, Story
from tests.iam.elsewhere import LAST_RESORT
from tests.iam.stories import clicks, endpoints, instances, machines, slack
from tests.iam.stories.clicks import Answer

if TYPE_CHECKING:
    from tests.iam.laboratory import Laboratory

_OPS = "C0123OPS"
_ADMINS = ("U0123ADMIN", "U0456ADMIN")
_CONFIRMED = Answer("Run it")
_APPROVED = Answer("Approve", by=_ADMINS[0])
_APPROVED_BY_TWO = (_APPROVED, Answer("Approve", by=_ADMINS[1], seen_with="1 of 2"))
_RESTART = (clicks.submitted("nginx"), clicks.submitted("web-1"), *_APPROVED_BY_TWO)


def busy(line: str, *answers: Answer, **where: str) -> Story:
    """A command is busy while the same one, with these answers, has yet to be approved; then that is withdrawn."""

    def tell(laboratory: Laboratory) -> None:
        first = laboratory.cloud.slack.send(line, **where)
        clicks.answer(laboratory, first, *answers)
        card = clicks.with_button(laboratory, first, "Deny")
        second = laboratory.cloud.slack.send(line, **where)
        assert any("another one is under way" in message.shown for message in second.wait(slack.SECONDS))
        clicks.click(laboratory, card, "Deny", first.command.user_id)
        first.wait(slack.SECONDS)
        laboratory.wait_until_quiet()

    return Story(f"{line} is busy", tell)


def _with_admins(laboratory: Laboratory) -> None:
    laboratory.cloud.slack.workspace.people.set_group("S0123ADMINS", _ADMINS)


APPROVAL = (
    App(
        "maximal/approval",
        stories=(
            clicks.answered("/ops restart", *_RESTART, channel=_OPS),
            clicks.cancelled_after("/ops restart", *_RESTART, channel=_OPS),
            busy("/ops restart nginx", clicks.submitted("web-1"), channel=_OPS),
            clicks.answered("/ops drop-caches", _CONFIRMED, user=_ADMINS[0]),
            clicks.cancelled_after("/ops drop-caches", _CONFIRMED, user=_ADMINS[0]),
            clicks.undecided("/ops drop-caches", user=_ADMINS[0]),
            *endpoints.stories_of("Slack", "/ops drop-caches", user=_ADMINS[0]),
            machines.UPDATED,
            *instances.AGENTS_START,
        ),
        furnish=_with_admins,
        elsewhere=(LAST_RESORT,),
    ),
    App(
        "minimal/approval",
        stories=(
            clicks.answered("/restart", _APPROVED, channel=_OPS),
            clicks.cancelled_after("/restart", _APPROVED, channel=_OPS),
            clicks.undecided("/restart", channel=_OPS),
            *endpoints.stories_of("Slack", "/restart", channel=_OPS),
            machines.UPDATED,
            *instances.AGENTS_START,
        ),
        elsewhere=(LAST_RESORT,),
    ),
)
