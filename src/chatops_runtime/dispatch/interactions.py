"""What becomes of an interaction that is none with a control of ours. Imported when there is one."""

from __future__ import annotations

from chatops_runtime.contracts import request_log
from chatops_runtime.contracts.request import INTERACTION
from chatops_runtime.dispatch import help_text
from chatops_runtime.dispatch.answer import Answer
from chatops_runtime.dispatch.handler_start import HandlerStart
from chatops_runtime.slack import handled_interaction, mrkdwn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from chatops_runtime.contracts.commands_table import HandlerEntry
    from chatops_runtime.contracts.request import HandlerRequest
    from chatops_runtime.dispatch.dispatcher import Dispatcher
    from chatops_runtime.dispatch.invocation import Invocation
    from chatops_runtime.dispatch.quiet_start import QuietStart
    from chatops_runtime.slack.handled_interaction import HandledInteraction
    from chatops_runtime.slack.interaction import Interaction

    Say = Callable[[str, str], None]

# https://docs.slack.dev/reference/block-kit/blocks/section-block: characters of its text.
_LONGEST_SECTION = 3_000

ANY = "*"
"""At the end of an id: whatever begins with what is before it."""


class Interactions:
    """Hands interactions to what answers them."""

    def __init__(
        self, dispatcher: Dispatcher, quiet_start: QuietStart, entries: Mapping[str, HandlerEntry], say: Say
    ) -> None:
        """Of one endpoint.

        Args:
            dispatcher: Says who is let in, and keeps refusals.
            quiet_start: Starts state machines.
            entries: The commands table's interactions.
            say: Has a text said through a response_url.
        """
        self._dispatcher = dispatcher
        self._quiet_start = quiet_start
        self._entries = entries
        self._say = say

    def answer(self, interaction: Interaction, name: str, invocation: Invocation) -> Answer:
        """The answer to an interaction that is admitted.

        Args:
            interaction: It.
            name: The name of its execution.
            invocation: Receives what the log line may say.

        Raises:
            MalformedPayloadError: It is none.
            RefusedError: It would have us answer somewhere else, or is too large.
        """
        found = handled_interaction.of(interaction)
        key = None if found is None else route(self._entries, found.kind, found.id)
        if found is None or key is None:
            invocation.note(**{request_log.IGNORED: request_log.NO_HANDLER})
            return Answer(request_log.IGNORED_CLICK)
        invocation.note(command=key, id=name, channel_id=found.channel_id)
        self._dispatcher.admit(found)
        entry = self._entries[key]
        start = HandlerStart(self._dispatcher, self._quiet_start, key, entry)
        answer = start.answer(found, _request(start, found), name, invocation)
        refusal = self._refusal(answer.outcome, key, entry, found)
        if refusal and found.response_url:
            self._say(found.response_url, refusal)
        if refusal and found.kind == handled_interaction.VIEW_SUBMISSION:
            return Answer(answer.outcome, _in_the_modal(refusal), is_modal=True)
        return answer

    def _refusal(self, outcome: str, key: str, entry: HandlerEntry, found: HandledInteraction) -> str:
        """What is said of one that was refused: Slack shows nothing of the answer itself."""
        if outcome == request_log.NOT_ALLOWED:
            return help_text.not_allowed(key, entry, found)
        if outcome == self._dispatcher.off_switch.outcome:
            return f"{mrkdwn.code(key)} was not run. {self._dispatcher.off_switch.words}"
        return ""


def route(entries: Mapping[str, object], kind: str, id: str) -> str | None:
    """The entry's key: of the id itself, else of its longest beginning; None if there is none."""
    key = f"{kind}:{id}"
    if key in entries:
        return key
    beginnings = [each for each in entries if each.endswith(ANY) and key.startswith(each[: -len(ANY)])]
    return max(beginnings, key=len, default=None)


def _in_the_modal(text: str) -> dict[str, Any]:
    """What takes the place of what the modal showed: https://docs.slack.dev/surfaces/modals#updating_response."""
    return {
        "response_action": "update",
        "view": {
            "type": "modal",
            "title": {"type": "plain_text", "text": "Not run"},
            "close": {"type": "plain_text", "text": "Close"},
            "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text[:_LONGEST_SECTION]}}],
        },
    }


def _request(start: HandlerStart, found: HandledInteraction) -> HandlerRequest:
    return start.request(
        found,
        source=INTERACTION,
        occurrence={"type": found.kind, "id": found.id, "value": found.value, "payload": found.payload},
        user_name=found.user_name,
        channel_name=found.channel_name,
        response_url=found.response_url,
        thread_ts=found.thread_ts,
    )
