"""Messages and a file, over as many invocations as it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chatops_runtime.report.account import Account
from chatops_runtime.report.report import Report
from chatops_runtime.report.telling import Telling
from chatops_runtime.slack.message import Message
from chatops_runtime.slack.text_file import TextFile
from chatops_runtime.slack.token_way import WayClosedError
from chatops_runtime.slack.web_client import SlackRefusedError, SlackRetryable
from tests.runtime.reports import finished, reply, report

if TYPE_CHECKING:
    from collections.abc import Iterable

FILE = TextFile("ps.txt", "/ps", "All of it", "…")
BUSY = SlackRetryable("HTTP 503", 30)
REFUSED = SlackRefusedError("missing_scope", 200)


class Delivery:
    """Takes messages and files, or fails with what the test says."""

    def __init__(self, messages: Iterable[Exception | None] = (), files: Iterable[Exception | None] = ()) -> None:
        self.failures = {"message": list(messages), "file": list(files)}
        self.taken: list[tuple[str, object]] = []

    def deliver(self, report: Report, message: Message, uses: int) -> str:
        del report
        self._take("message", (uses, message.text))
        return "response_url"

    def upload(self, report: Report, file: TextFile, visible: str) -> None:
        del report, file
        self._take("file", visible)

    def _take(self, kind: str, what: object) -> None:
        failure = self.failures[kind].pop(0) if self.failures[kind] else None
        if failure is not None:
            raise failure
        self.taken.append((kind, what))


def tell(delivery: Delivery, *, said: int = 0, tries: int = 0, file: TextFile | None = FILE) -> dict[str, Any]:
    told = Report.from_event({**report(finished(reply("x"))), "said": said, "tries": tries})
    account = Account((Message("one", visible="user"), Message("two"), Message("three")), file)
    telling = Telling(told, account, delivery, has_time=lambda: True)  # type: ignore[arg-type]
    return {**telling.answer(), **telling.facts}


def test_a_file_takes_the_place_of_all_but_the_first_message():
    delivery = Delivery()
    assert tell(delivery) == {"done": True, "said": 2, "delivered_by": "response_url", "file": "uploaded"}
    assert delivery.taken == [("message", (0, "one")), ("file", "user")]


@pytest.mark.parametrize(
    ("refusal", "word"), [(REFUSED, "missing_scope"), (WayClosedError("no <token>"), "no &lt;token&gt;")]
)
def test_when_the_file_is_refused_that_is_said_and_the_messages_go_on(refusal, word):
    delivery = Delivery(files=[refusal])
    assert tell(delivery)["said"] == 3
    assert [what for _, what in delivery.taken] == [
        (0, "one"),
        (1, f"Slack did not take the file ({word}). It goes on here:\ntwo"),
        (2, "three"),
    ]


def test_after_the_first_message_it_goes_on_with_the_file():
    delivery = Delivery(files=[BUSY])
    answer = tell(delivery)
    assert (answer["done"], answer["said"], answer["retry_after"]) == (False, 1, 30)
    assert tell(delivery, said=1, tries=1)["done"] is True
    assert delivery.taken == [("message", (0, "one")), ("file", "user")]


def test_after_the_second_message_the_file_is_not_tried_again():
    delivery = Delivery(messages=[None, None, BUSY], files=[REFUSED])
    assert tell(delivery)["said"] == 2
    assert tell(delivery, said=2, tries=1)["done"] is True
    assert [kind for kind, _ in delivery.taken] == ["message"] * 3


def test_a_file_that_slack_does_not_take_for_long_is_given_up():
    delivery = Delivery(files=[BUSY, BUSY, BUSY])
    assert [tell(delivery, said=said, tries=tries)["said"] for said, tries in ((0, 0), (1, 1), (1, 2))] == [1, 1, 3]
    assert "HTTP 503" in str(delivery.taken[1])


def test_a_message_that_is_not_liked_uses_the_response_url_twice():
    delivery = Delivery(messages=[SlackRefusedError("msg_too_long", 200)])
    answer = tell(delivery, file=None)
    assert (answer["done"], answer["said"], answer["refused"]) == (True, 3, "msg_too_long")
    assert delivery.taken[0][1] == (
        1,
        ":x: `/ps` is over, but Slack refused its message: `msg_too_long` (asked by <@U0123TARO>, id `0123456789`)",
    )


def test_what_no_way_takes_is_an_error_even_after_a_message():
    delivery = Delivery(messages=[None, SlackRefusedError("no_service", 404)])
    with pytest.raises(SlackRefusedError, match="no_service"):
        tell(delivery, file=None)
