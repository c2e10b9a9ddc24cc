"""What is wrong with a call of `add_event_handler` or `add_interaction_handler`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import jsii

from chatops_constructs._problems import Problems, check, matches
from chatops_constructs.packaging.command_function import CommandFunction
from chatops_constructs.slack.authorization import CHANNEL_ID, Allow, Visibility
from chatops_constructs.slack.command_checks import MOST_DESCRIPTION_CHARACTERS
from chatops_constructs.slack.concurrency import Concurrency
from chatops_constructs.slack.handled import INTERACTIONS, SHORTCUTS, WITHOUT_RESPONSE_URL
from chatops_constructs.slack.known_events import MESSAGE, NOT_OF_THE_USER, SCOPES
from chatops_constructs.slack.reply_in import ReplyIn

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from constructs import Construct

    from chatops_constructs.slack.endpoint_task import TaskSettings
    from chatops_constructs.slack.handled import HandledEvent, HandledInteraction

EVENT = re.compile(r"[a-z][a-z0-9_]{1,60}(\.[a-z_]{2,20})?")
SUBTYPE = re.compile(r"[a-z][a-z0-9_]{1,60}")
SCOPE = re.compile(r"[a-z][a-z.]*(:[a-z._]+)*")
# Slack takes 255 of any characters (https://docs.slack.dev/reference/block-kit/block-elements/button-element); these
# can stand in names.
ID = re.compile(r"[A-Za-z0-9_.:-]{1,100}")
BEGINNING = re.compile(r"[A-Za-z0-9_.:-]{0,100}\*")
OURS = "chatops."

# https://docs.slack.dev/reference/app-manifest: features.shortcuts
MOST_TITLE_CHARACTERS = 24
MOST_SHORTCUTS = 10

WITH_BOT_TOKEN = "give the endpoint SlackCredentials.from_parameters(…, bot_token=True)"  # noqa: S105 - a remedy


def check_handler(
    endpoint: Construct,
    handled: HandledEvent | HandledInteraction,
    function: object,
    settings: TaskSettings,
    *,
    keys: Collection[str],
    ids: Collection[str],
    too_late: bool,
) -> None:
    """Check what both have in common.

    Args:
        endpoint: For the error.
        handled: What is handled.
        function: What the caller gave.
        settings: For whom it is.
        keys: What is handled so far.
        ids: The ids of its constructs.
        too_late: Whether the commands table is written already.

    Raises:
        ValueError: Something is not as the endpoint's methods describe it.
    """
    problems = Problems(endpoint)
    problems.check(
        handled.key not in keys,
        "handler",
        handled.key,
        "one function for each event and each interaction",
        "call the other one from it, or tell them apart by their ids",
    )
    problems.check(
        handled.construct_id not in ids or handled.key in keys,
        "handler",
        handled.key,
        f"an id whose construct id, {handled.construct_id}, is not there yet",
        "choose one that differs in letters and digits",
    )
    problems.check(
        not too_late, "handler", handled.key, "handlers before synthesis", "add it before app.synth() is called"
    )
    problems.check(
        _is_function(function),
        "function",
        function,
        "a Lambda function: a BotFunction, or another one that takes the event of a bot",
        "make a BotFunction of your Python function; a CommandFunction takes slash commands only",
    )
    problems.check(
        isinstance(settings.description, str) and 0 < len(settings.description.strip()) <= MOST_DESCRIPTION_CHARACTERS,
        "description",
        settings.description,
        f"1 to {MOST_DESCRIPTION_CHARACTERS} characters",
        "say in a few words what it does",
        tokens=False,
    )
    for name, value, kind, allowed in (
        ("allow", settings.allow, Allow, "Allow.workspace(), Allow.channel(…), Allow.user(…) or Allow.user_group(…)"),
        ("visible", settings.visible, Visibility, "Visibility.USER or Visibility.CHANNEL"),
        ("concurrency", settings.concurrency, Concurrency, "Concurrency.MANY or Concurrency.ONE"),
    ):
        problems.check(isinstance(value, kind), name, value, allowed, "choose one of them")
    problems.raise_if_any()


def check_event(endpoint: Construct, event: HandledEvent, scopes: Sequence[str] | None, *, has_bot_token: bool) -> None:
    """Check what is of events only.

    Args:
        endpoint: For the error.
        event: The event.
        scopes: What the caller gave.
        has_bot_token: Whether the endpoint has one.

    Raises:
        ValueError: Something is not as `add_event_handler` describes it.
    """
    problems = Problems(endpoint)
    is_shaped = matches(EVENT, event.name)
    problems.check(
        is_shaped and event.name not in NOT_OF_THE_USER,
        "event",
        event.name,
        "the name of an event to which an app subscribes, such as app_mention, message.im or reaction_added",
        "take it from https://docs.slack.dev/reference/events",
        tokens=False,
    )
    problems.check(
        not is_shaped or scopes is not None or event.name in {*SCOPES, MESSAGE},
        "event",
        event.name,
        f"without scopes one of {', '.join(sorted({*SCOPES, MESSAGE}))}",
        "give the scopes that its page at https://docs.slack.dev/reference/events names, scopes=[…]",
    )
    problems.check(
        has_bot_token, "credentials", "no bot token", "events with a bot token, which answers them", WITH_BOT_TOKEN
    )
    problems.check(
        isinstance(event.reply_in, ReplyIn), "reply_in", event.reply_in, "ReplyIn.THREAD or ReplyIn.CHANNEL", "say one"
    )
    problems.check(isinstance(event.from_bots, bool), "from_bots", event.from_bots, "True or False", "say one")
    for parameter, values, pattern, example in (
        ("channels", event.channels, CHANNEL_ID, "C0123OPS"),
        ("subtypes", event.subtypes, SUBTYPE, "message_changed"),
        ("scopes", scopes or (), SCOPE, "reactions:read"),
    ):
        for value in values:
            problems.check(matches(pattern, value), parameter, value, f"such as {example}", "correct it", tokens=False)
    problems.check(
        not event.subtypes or event.name.partition(".")[0] == MESSAGE,
        "subtypes",
        list(event.subtypes),
        "those of messages only",
        "leave them out",
    )
    problems.raise_if_any()


def check_interaction(
    endpoint: Construct, interaction: HandledInteraction, *, shortcuts: int, has_bot_token: bool
) -> None:
    """Check what is of interactions only.

    Args:
        endpoint: For the error.
        interaction: The interaction.
        shortcuts: How many shortcuts the app has so far.
        has_bot_token: Whether the endpoint has one.

    Raises:
        ValueError: Something is not as `add_interaction_handler` describes it.
    """
    problems = Problems(endpoint)
    is_shortcut = interaction.type in SHORTCUTS
    problems.check(
        interaction.type in INTERACTIONS, "type", interaction.type, ", ".join(INTERACTIONS), "choose one", tokens=False
    )
    problems.check(
        matches(ID, interaction.id) or (not is_shortcut and matches(BEGINNING, interaction.id)),
        "id",
        interaction.id,
        "1 to 100 of A-Z, a-z, 0-9 and _ . : - and, but for shortcuts, perhaps * for whatever begins like that",
        "write it as in 'deploy_now' or 'deploy_*'",
        tokens=False,
    )
    problems.check(
        not str(interaction.id).startswith(OURS),
        "id",
        interaction.id,
        f"ids that do not begin with {OURS}, which are those of the library's own buttons and menus",
        "choose another one",
    )
    problems.check(
        has_bot_token or interaction.type not in WITHOUT_RESPONSE_URL,
        "type",
        interaction.type,
        f"{' and '.join(WITHOUT_RESPONSE_URL)} with a bot token only: Slack gives them nothing else to be answered by",
        WITH_BOT_TOKEN,
    )
    problems.check(
        interaction.title is None or (is_shortcut and _is_title(interaction.title)),
        "title",
        interaction.title,
        f"1 to {MOST_TITLE_CHARACTERS} characters, for shortcuts only",
        "say what people see in Slack's menu, or leave it out",
    )
    problems.check(
        not is_shortcut or shortcuts < MOST_SHORTCUTS,
        "type",
        interaction.type,
        f"{MOST_SHORTCUTS} shortcuts in a Slack app",
        "make one of them ask what is meant",
    )
    problems.raise_if_any()


def listed(endpoint: Construct, parameter: str, values: Sequence[str]) -> tuple[str, ...]:
    """The values of a parameter that takes several.

    Args:
        endpoint: For the error.
        parameter: Its name.
        values: What the caller gave.

    Raises:
        ValueError: It is one text.
    """
    check(not isinstance(values, str), endpoint, parameter, values, "a list of texts", f"write [{values!r}]")
    return tuple(values)


def _is_title(title: object) -> bool:
    return isinstance(title, str) and bool(title.strip()) and len(title) <= MOST_TITLE_CHARACTERS


def _is_function(function: object) -> bool:
    """Whether it can be invoked: IFunction is a protocol, which jsii's proxies of imported functions meet as well."""
    return hasattr(function, "function_arn") and not isinstance(function, CommandFunction | jsii.JSIIMeta)
