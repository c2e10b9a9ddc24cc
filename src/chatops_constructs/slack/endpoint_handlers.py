"""What an endpoint does when something happens in Slack: functions for events and interactions."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

from constructs import Construct

from chatops_constructs.actions.hand_over import HandOver
from chatops_constructs.slack.authorization import Allow, Visibility
from chatops_constructs.slack.concurrency import Concurrency
from chatops_constructs.slack.endpoint_task import TaskSettings
from chatops_constructs.slack.handled import SHORTCUTS, HandledEvent, HandledInteraction
from chatops_constructs.slack.handler import EndpointHandler
from chatops_constructs.slack.handler_checks import check_event, check_handler, check_interaction, listed
from chatops_constructs.slack.known_events import SCOPES, subscriptions
from chatops_constructs.slack.reply_in import ReplyIn
from chatops_constructs.slack.rule_checks import check_rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_lambda as lambda_

    from chatops_constructs.slack.admission_desk import AdmissionDesk
    from chatops_constructs.slack.commands_layer import CommandsLayer
    from chatops_constructs.slack.credentials import SlackCredentials
    from chatops_constructs.slack.endpoint_functions import Dispatch
    from chatops_constructs.slack.telling import Telling


class EndpointHandlers:
    """The functions of an endpoint for what happens in Slack."""

    _credentials: SlackCredentials
    _desk: AdmissionDesk
    _dispatch: Dispatch
    _layer: CommandsLayer
    _telling: Telling
    _telling_policy: iam.IManagedPolicy

    @cached_property
    def handlers(self) -> dict[str, EndpointHandler]:
        """What answers events and interactions so far: `app_mention`, `block_actions:deploy_now`."""
        return {}

    def add_event_handler(
        self,
        event: str,
        function: lambda_.IFunction,
        *,
        description: str,
        allow: Allow,
        reply_in: ReplyIn = ReplyIn.THREAD,
        channels: Sequence[str] = (),
        subtypes: Sequence[str] = (),
        from_bots: bool = False,
        scopes: Sequence[str] | None = None,
        concurrency: Concurrency = Concurrency.MANY,
    ) -> EndpointHandler:
        """Have a function answer an event: a mention of the app, a message, a reaction.

        Each event is one execution, named after Slack's id of it: what Slack delivers again starts nothing. What the
        function answers is posted below the message; None is nothing to say, and an exception is told there. Whom
        `allow` does not let in is not answered, which is in the audit log. What the app itself does starts nothing.

        The app has to subscribe to the event, with the endpoint's URL as its Request URL: `chatops-constructs manifest`
        says so. It takes a bot token.

        Example:
            from chatops_constructs import Allow, BotFunction

            answer = BotFunction(self, "Answer", entry="bots", handler="helper.answer")
            slack.add_event_handler("app_mention", answer, description="answers", allow=Allow.workspace())

        Args:
            event: As an app subscribes to it: `app_mention`, `reaction_added`, `message.im`; or `message`, which is
                messages in all conversations that the app is in.
            function: A `BotFunction`, whose function receives a `SlackEvent`, or any other function, version or alias
                that takes what `docs/slack-events.md` describes.
            description: What it does in a few words.
            allow: Who may cause it.
            reply_in: Where it is answered. Default: in the message's thread.
            channels: Only in these channels, by their ids; elsewhere it is ignored. Default: wherever the app is.
            subtypes: Of messages, what is more than people's own: `message_changed`, `channel_join`. Default: none.
            from_bots: Whether what the bots of other apps do counts. Two that answer each other may go on for ever.
                Default: False.
            scopes: What the app needs so that Slack tells it. Default: as Slack's documentation says.
            concurrency: Whether it may run while it runs. Default: `Concurrency.MANY`.

        Returns:
            Its state machine and role.

        Raises:
            ValueError: It is no event's name, or has a function already; or there is no bot token.
        """
        endpoint = cast("Construct", self)
        known = () if scopes is not None else _known_scopes(event, in_channels=bool(channels))
        handled = HandledEvent(
            event,
            reply_in=reply_in,
            from_bots=from_bots,
            channels=listed(endpoint, "channels", channels),
            subtypes=listed(endpoint, "subtypes", subtypes),
            scopes=listed(endpoint, "scopes", scopes or known),
        )
        has_bot_token = self._credentials.bot_token_parameter is not None
        check_event(endpoint, handled, scopes, has_bot_token=has_bot_token)
        settings = TaskSettings(
            action=HandOver(function, handled.kind),
            description=description,
            allow=allow,
            visible=Visibility.CHANNEL,
            concurrency=concurrency,
        )
        return self._add_handler(handled, function, settings)

    def add_interaction_handler(
        self,
        type: str,  # noqa: A002 - Slack's word
        id: str,
        function: lambda_.IFunction,
        *,
        description: str,
        allow: Allow,
        visible: Visibility = Visibility.USER,
        title: str | None = None,
        concurrency: Concurrency = Concurrency.MANY,
    ) -> EndpointHandler:
        """Have a function answer a control of your own messages, a shortcut or a modal.

        Slack is answered at once, with nothing; a modal closes. What the function answers is said through the
        response_url, if there is one, else in a direct message; None is nothing to say. A modal cannot be opened from
        it reliably: Slack takes a trigger_id for three seconds.

        Example:
            from chatops_constructs import Allow, BotFunction

            file = BotFunction(self, "File", entry="bots", handler="tickets.file")
            slack.add_interaction_handler(
                "message_action", "file_a_ticket", file, description="files a ticket", allow=Allow.workspace()
            )

        Args:
            type: `block_actions` (buttons and menus), `shortcut` (a global one), `message_action` (a message shortcut)
                or `view_submission` (a modal).
            id: The `action_id` or `callback_id`. With `*` at its end all that begin like that and have no function of
                their own; not for shortcuts.
            function: A `BotFunction`, whose function receives a `SlackInteraction`, or any other function, version or
                alias that takes what `docs/slack-events.md` describes.
            description: What it does in a few words.
            allow: Who may do it.
            visible: Who sees the answer. Default: who did it.
            title: Of a shortcut, its name in Slack's menus, up to 24 characters. Default: made of its id.
            concurrency: Whether it may run while it runs. Default: `Concurrency.MANY`.

        Returns:
            Its state machine and role.

        Raises:
            ValueError: It is no such type or id, or has a function already; or there is no bot token, and no other
                way to answer.
        """
        handled = HandledInteraction(type, id, title)
        has_bot_token = self._credentials.bot_token_parameter is not None
        shortcuts = sum(key.partition(":")[0] in SHORTCUTS for key in self.handlers)
        check_interaction(cast("Construct", self), handled, shortcuts=shortcuts, has_bot_token=has_bot_token)
        settings = TaskSettings(
            action=HandOver(function, handled.kind),
            description=description,
            allow=allow,
            visible=visible,
            concurrency=concurrency,
        )
        handler = self._add_handler(handled, function, settings)
        self._desk.take_clicks()  # through which who is refused hears of it
        return handler

    def _add_handler(
        self, handled: HandledEvent | HandledInteraction, function: lambda_.IFunction, settings: TaskSettings
    ) -> EndpointHandler:
        endpoint = cast("Construct", self)
        ids = {handler.handled.construct_id for handler in self.handlers.values()}
        check_handler(endpoint, handled, function, settings, keys=self.handlers, ids=ids, too_late=self._layer.written)
        has_bot_token = self._credentials.bot_token_parameter is not None
        check_rule(endpoint, "allow", settings.allow, arguments=(), has_bot_token=has_bot_token)
        handler = EndpointHandler(
            self._handlers_scope,
            handled.construct_id,
            handled=handled,
            settings=settings,
            telling=self._telling,
            policy=self._telling_policy,
            has_bot_token=has_bot_token,
            desk=self._desk,
        )
        self._dispatch.may_start_command(handler.machine_arn)
        self.handlers[handled.key] = handler
        return handler

    @cached_property
    def _handlers_scope(self) -> Construct:
        """Created with the first of them."""
        return Construct(cast("Construct", self), "Handlers")


def _known_scopes(event: str, *, in_channels: bool) -> tuple[str, ...]:
    names = subscriptions(event, in_channels=in_channels)
    return tuple(dict.fromkeys(scope for name in names for scope in SCOPES.get(name, ())))
