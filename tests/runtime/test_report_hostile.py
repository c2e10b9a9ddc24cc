"""Whatever a script prints or a function answers is told, harms nobody, and is in no log.

What holds of every report is in `tests.fuzz.watched_report`, which raises when it does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.hostile import ANY_JSON, ODD_TEXT, UNTIMED, UTF8_TEXT, partial
from tests.fuzz.watched_report import WatchedReport, watched_report
from tests.runtime.reports import ended, failed, finished, instance, reply, run_command

if TYPE_CHECKING:
    from collections.abc import Iterator

TYPED = "canary-answer <!channel>"
MENTION = "<!channel>"


@pytest.fixture(scope="module")
def watched() -> Iterator[WatchedReport]:
    with watched_report() as one:
        yield one


def texts(messages: list[dict[str, Any]]) -> str:
    return "\n".join(message["text"] for message in messages)


@UNTIMED
@given(
    ANY_JSON
    | ODD_TEXT.map(TYPED.__add__)
    | partial(text=ODD_TEXT | ANY_JSON, blocks=st.lists(ANY_JSON, max_size=3), visible=st.sampled_from(["user", "all"]))
)
def test_a_functions_answer_of_any_shape_is_told(watched: WatchedReport, answer: Any) -> None:
    assert MENTION not in texts(watched.tell(finished(reply(answer))))


@UNTIMED
@given(ODD_TEXT, ODD_TEXT, UTF8_TEXT, st.sampled_from(["Success", "Failed", "TimedOut", "Canary"]), st.booleans())
def test_what_scripts_print_pings_nobody(
    watched: WatchedReport, output: str, errors: str, name: str, status: str, cut: bool
) -> None:
    printed = instance(stdout=TYPED + output, stderr=TYPED + errors, name=name, status=status, stdout_cut=cut)
    assert MENTION not in texts(watched.tell(finished(run_command(printed, instance(2)))))


@UNTIMED
@given(ODD_TEXT, ODD_TEXT | ANY_JSON.map(str), st.sampled_from(["ABORTED", "TIMED_OUT", "FAILED"]))
def test_errors_of_any_text_ping_nobody(watched: WatchedReport, error: str, cause: str, how: str) -> None:
    for outcome in (failed(error, f"{TYPED} {cause}"), ended(how, error, f"{TYPED} {cause}")):
        assert MENTION not in texts(watched.tell(outcome))


@pytest.mark.parametrize("size", [12_000, 60_000])
@pytest.mark.parametrize(
    "part", ["<", "&amp;", "`", "```", "\x1b[31m", "\u202e", "🚀", "\ud800", "\n", "a\u0301", "\0"]
)
def test_long_output_of_anything_fits(watched: WatchedReport, part: str, size: int) -> None:
    output = part * (size // len(part))
    watched.tell(finished(run_command(instance(stdout=output), instance(2, stderr=output))))
    watched.tell(finished(reply(output)))
