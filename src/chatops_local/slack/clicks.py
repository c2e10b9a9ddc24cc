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

if TYPE_CHECKING:
    from collections.abc import Callable

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

    def click(
        self,
        message: Message,
        wanted: str | Control,
        user: str,
        team: str | None,
        endpoint: str | None,
        selected: Selected | None,
    ) -> SentClick:
        """Choose what is to be chosen, then click on the button."""
        message, person = self._seen(message, user), self._person(user, team)
        button = find([control for control in message.controls if not control.is_menu], wanted)
        for menu, options in wanted_of(message, selected) if selected is not None else []:
            self._choose(message, menu, options, person, endpoint)
        return self._send(message, button, person, {}, endpoint)

    def select(
        self,
        message: Message,
        wanted: str | Control,
        options: list[str],
        user: str,
        team: str | None,
        endpoint: str | None,
    ) -> SentClick | None:
        """Choose exactly these options in a menu; the last of what Slack tells the app about it, if it does.

        What is chosen already is told again by nobody.
        """
        message, person = self._seen(message, user), self._person(user, team)
        menu = find([control for control in message.controls if control.is_menu], wanted)
        chosen = [option for _, found in wanted_of(message, {menu.action_id: options}) for option in found]
        return self._choose(message, menu, chosen, person, endpoint)

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
        now = self._record.message(message.ts)
        if now is None:
            raise NoSuchControlError(f"message {message.ts} in {message.channel}: it is deleted")
        if now.user not in (None, user):
            raise NoSuchControlError(f"message {now.ts} in {now.channel}: {user} does not see it, only {now.user} does")
        return now

    def _person(self, user: str, team: str | None) -> Person:
        person = self._workspace.people.person(require_id("user", user))
        return person if team is None else replace(person, team_id=require_id("team", team))
