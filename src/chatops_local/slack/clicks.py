"""People using buttons and menus: finds the control, tells the app as Slack does, and keeps what was chosen."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from chatops_local.slack.block_actions import BlockActions
from chatops_local.slack.choices import Choices, Selected, steps, wanted_of
from chatops_local.slack.controls import Control, NoSuchControlError, find
from chatops_local.slack.delivery import deliver
from chatops_local.slack.ids import require_id
from chatops_local.slack.sent_click import ClickAck, SentClick
from chatops_local.slack.slash_command import DEFAULT_USER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chatops_local.slack.choices import Json
    from chatops_local.slack.message import Message
    from chatops_local.slack.people import Person
    from chatops_local.slack.record import Record
    from chatops_local.slack.response_urls import ResponseUrls
    from chatops_local.slack.signing import SignedRequest
    from chatops_local.slack.workspace import SlackApp, Workspace

IGNORED_BODY = "the answer to the click on {label} has a body, which Slack shows to nobody"


class Clicks:
    """What people do with the controls of messages."""

    def __init__(
        self,
        workspace: Workspace,
        record: Record,
        response_urls: ResponseUrls,
        sign: Callable[[bytes, SlackApp], SignedRequest],
        is_over: Callable[[SentClick], bool],
    ) -> None:
        """For the messages of `record`, posted by the apps of `workspace`."""
        self._workspace = workspace
        self._record = record
        self._response_urls = response_urls
        self._sign = sign
        self._is_over = is_over
        self.choices = Choices()
        self._sent: list[SentClick] = []

    @property
    def sent(self) -> list[SentClick]:
        """The clicks and choices that were sent so far, in the order of their acks."""
        return list(self._sent)

    def click(
        self,
        message: Message,
        control: str | Control,
        *,
        user: str = DEFAULT_USER,
        selected: Selected | None = None,
        team: str | None = None,
        endpoint: str | None = None,
    ) -> SentClick:
        """Click on a button of a message, and confirm if it asks for that.

        Args:
            message: The message; how it is now counts, not how it was when it was found.
            control: The button's label or action_id, or a part of its label that no other button has; or one of the
                message's `controls`.
            user: Who clicks (`U…`).
            selected: What is chosen in the message's menus before: options by value or label, or by menu. Slack tells
                the app of each choice, as of the click. Default: what `user` has chosen before.
            team: The user's workspace, for somebody of another one in a channel that both share over Slack Connect.
                Default: that of the person, see `workspace.people`.
            endpoint: The endpoint's name or app id. Default: that of the app that posted the message.

        Raises:
            NoSuchControlError: There is no such button or option, or `user` does not see the message.
            ValueError: An id is malformed, or the endpoint is not known or ambiguous.
        """
        message, person = self._seen(message, user), self._person(user, team)
        button = find([control for control in message.controls if not control.is_menu], control)
        for menu, options in wanted_of(message, selected) if selected is not None else []:
            self._choose(message, menu, options, person, endpoint)
        sent = self._send(message, button, person, {}, endpoint)
        self._sent.append(sent)
        return sent

    def select(
        self,
        message: Message,
        menu: str | Control,
        options: str | Sequence[str],
        *,
        user: str = DEFAULT_USER,
        team: str | None = None,
        endpoint: str | None = None,
    ) -> SentClick | None:
        """Choose exactly these options in a menu of a message, as `click` finds it.

        Returns:
            The last of what Slack tells the app about it; `None` if it does not, as in an input block, or if all of
            it is chosen already.

        Raises:
            NoSuchControlError: There is no such menu or option, or `user` does not see the message.
        """
        message, person = self._seen(message, user), self._person(user, team)
        found = find([control for control in message.controls if control.is_menu], menu)
        chosen = [option for _, several in wanted_of(message, {found.action_id: options}) for option in several]
        sent = self._choose(message, found, chosen, person, endpoint)
        if sent is not None:
            self._sent.append(sent)
        return sent

    def chosen(self, message: Message, user: str = DEFAULT_USER) -> Json:
        """What `user` has chosen in the menus of a message: `state.values` of the next click."""
        return self.choices.values(self._now(message), user)

    def _choose(
        self, message: Message, menu: Control, options: list[Json], person: Person, endpoint: str | None
    ) -> SentClick | None:
        """One option after the other: Slack tells the app of each."""
        sent = None
        for chosen in steps(menu, self.choices.of(message, menu, person.id), options):
            self.choices.choose(message, menu, chosen, person.id)
            if menu.dispatches:
                held = self.choices.held(message, menu, person.id)
                sent = self._send(message, menu, person, held, endpoint)
        return sent

    def _send(self, message: Message, control: Control, person: Person, held: Json, endpoint: str | None) -> SentClick:
        to = self._workspace.endpoint(endpoint or message.app_id)
        values = self.choices.values(message, person.id)
        response_url = self._response_urls.issue_for_action(to.app, message, control.label, person.id)
        form = BlockActions(to.app, message, control, person, held, values).form(response_url)
        request, sent_at = self._sign(form, to.app), time.time()
        ack = ClickAck.judge(deliver(request, to))
        if ack.ok and ack.body.strip():
            self._record.note(IGNORED_BODY.format(label=repr(control.label)))
        return SentClick(
            control.label,
            control.action_id,
            tuple(each["text"]["text"] for each in self.choices.of(message, control, person.id)),
            message,
            person.id,
            to.name,
            request,
            response_url,
            sent_at,
            ack,
            self._record,
            self._is_over,
        )

    def _seen(self, message: Message, user: str) -> Message:
        """The message as it is now, if `user` sees it."""
        now = self._now(message)
        if now.user not in (None, user):
            raise NoSuchControlError(f"message {now.ts} in {now.channel}: {user} does not see it, only {now.user} does")
        return now

    def _now(self, message: Message) -> Message:
        now = self._record.message(message.ts)
        if now is None:
            raise NoSuchControlError(f"message {message.ts} in {message.channel}: it is deleted")
        return now

    def _person(self, user: str, team: str | None) -> Person:
        person = self._workspace.people.person(require_id("user", user))
        return person if team is None else replace(person, team_id=require_id("team", team))
