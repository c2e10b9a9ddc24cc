"""People using shortcuts and submitting modals: tells the app as Slack does."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from chatops_local.slack import interaction
from chatops_local.slack.controls import NoSuchControlError
from chatops_local.slack.delivery import deliver
from chatops_local.slack.ids import require_id
from chatops_local.slack.sent_click import ClickAck
from chatops_local.slack.sent_interaction import SentInteraction
from chatops_local.slack.slash_command import DEFAULT_USER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chatops_local.slack.message import Message
    from chatops_local.slack.people import Person
    from chatops_local.slack.record import Record
    from chatops_local.slack.response_urls import ResponseUrls
    from chatops_local.slack.signing import SignedRequest
    from chatops_local.slack.workspace import RequestUrl, SlackApp, Workspace


class Interactions:
    """What people start by themselves."""

    def __init__(
        self,
        workspace: Workspace,
        record: Record,
        response_urls: ResponseUrls,
        sign: Callable[[bytes, SlackApp], SignedRequest],
        is_over: Callable[[SentInteraction], bool],
    ) -> None:
        """For the apps of `workspace` and the messages of `record`."""
        self._workspace = workspace
        self._record = record
        self._response_urls = response_urls
        self._sign = sign
        self._is_over = is_over
        self._sent: list[SentInteraction] = []

    @property
    def sent(self) -> list[SentInteraction]:
        """The shortcuts and modals that were sent so far, in order."""
        return list(self._sent)

    def shortcut(
        self,
        callback_id: str,
        *,
        user: str = DEFAULT_USER,
        message: Message | None = None,
        endpoint: str | None = None,
    ) -> SentInteraction:
        """Use a shortcut of the app.

        Args:
            callback_id: The shortcut's callback_id.
            user: Who uses it (`U…`).
            message: The message whose menu it is in, for a message shortcut. Default: a global one.
            endpoint: The endpoint's name or app id. Default: the only endpoint there is.

        Raises:
            NoSuchControlError: The message is for one person only, and has no such menu.
            ValueError: An id is malformed, or the endpoint is not known or ambiguous.
        """
        to, person = self._workspace.endpoint(endpoint), self._person(user)
        if message is None:
            return self._send(to, interaction.global_shortcut(to.app, callback_id, person), person, callback_id)
        if message.ephemeral:
            # https://docs.slack.dev/interactivity/implementing-shortcuts#messages: "of non-ephemeral messages".
            raise NoSuchControlError(f"message {message.ts}: only {message.user} sees it; it has no shortcuts")
        url = self._response_urls.issue_for_action(to.app, message, callback_id, person.id)
        payload = interaction.message_shortcut(to.app, callback_id, person, message, url)
        return self._send(to, payload, person, callback_id, url)

    def submit_view(
        self,
        callback_id: str,
        values: Mapping[str, Any],
        *,
        user: str = DEFAULT_USER,
        private_metadata: str = "",
        endpoint: str | None = None,
    ) -> SentInteraction:
        """Submit a modal of the app.

        Args:
            callback_id: The modal's callback_id.
            values: What it holds, by block_id: a text, for a block with one plain text input whose action_id is the
                same; or by action_id what Slack says of an input, such as `{"type": "datepicker", "selected_date": …}`.
            user: Who submits it (`U…`).
            private_metadata: What the app has put into the modal for itself.
            endpoint: The endpoint's name or app id. Default: the only endpoint there is.

        Raises:
            ValueError: An id is malformed, or the endpoint is not known or ambiguous.
        """
        to, person = self._workspace.endpoint(endpoint), self._person(user)
        payload = interaction.view_submission(to.app, callback_id, person, values, private_metadata)
        return self._send(to, payload, person, callback_id)

    def _send(
        self,
        to: RequestUrl,
        payload: dict[str, Any],
        person: Person,
        callback_id: str,
        response_url: str | None = None,
    ) -> SentInteraction:
        request, sent_at = self._sign(interaction.form(payload), to.app), time.time()
        ack = ClickAck.judge(deliver(request, to))
        sent = SentInteraction(
            payload["type"],
            callback_id,
            person.id,
            to.name,
            to.app.app_id,
            request,
            response_url,
            sent_at,
            ack,
            self._record,
            self._is_over,
        )
        self._sent.append(sent)
        return sent

    def _person(self, user: str) -> Person:
        return self._workspace.people.person(require_id("user", user))
