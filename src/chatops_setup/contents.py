"""What of ours a template has, found by the marks that the constructs leave there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts import template_metadata
from chatops_setup import handlers
from chatops_setup.targets import Target, targets_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chatops_setup.handlers import Event, Interaction


class ContentsError(Exception):
    """A template has nothing of ours, or not in a form that can be read. The text says what to do."""


@dataclass(frozen=True)
class Command:
    """One command of an endpoint, `/ps` or `/ops restart`, or another name for one.

    Attributes:
        name: The name.
        description: What it does.
        usage: How it is typed.
        should_escape: Whether Slack is to send ids with mentions.
        scopes: What the bot has to be allowed for it, beside what every command needs.
        alias_of: The command, if this is another name for it.
    """

    name: str
    description: str
    usage: str
    should_escape: bool
    scopes: tuple[str, ...] = ()
    alias_of: str | None = None

    @property
    def slash_command(self) -> str:
        """What Slack knows of it: `/ops`."""
        return self.name.partition(" ")[0]


@dataclass(frozen=True)
class Endpoint:
    """One endpoint for slash commands.

    Attributes:
        name: The construct's path.
        url_output: The output with its URL.
        log_group: The logical id of the log group of the function that answers; None if it is none of the stack's.
        team_id: The workspace.
        app_id: The app.
        signing_secret_parameter: The name of the parameter.
        bot_token_parameter: The name of the parameter, or None.
        app_posts: Whether the app posts as its bot, for this endpoint or for a notifier with the same app's secrets.
        commands: The commands; none if the stack was synthesised by a version that did not say.
        off_switch_parameter: The name of the parameter that stops them; None if the stack is of a version without.
        mutual_tls: Whether it takes requests with Slack's certificate only.
        interactivity: Whether there are buttons and menus.
        events: What it answers of what happens in Slack.
        interactions: What it answers of shortcuts, modals and controls that are not the library's.
    """

    name: str
    url_output: str
    log_group: str | None
    team_id: str
    app_id: str
    signing_secret_parameter: str
    bot_token_parameter: str | None
    app_posts: bool
    commands: tuple[Command, ...]
    off_switch_parameter: str | None = None
    mutual_tls: bool = False
    interactivity: bool = False
    events: tuple[Event, ...] = ()
    interactions: tuple[Interaction, ...] = ()

    @property
    def further_scopes(self) -> frozenset[str]:
        """What the bot has to be allowed for its commands and events, beside what every command needs."""
        named = [each.scopes for each in self.commands]
        named += [each.scopes for each in self.events]
        named += [each.scopes for each in self.interactions]
        return frozenset(scope for scopes in named for scope in scopes)

    @property
    def slash_commands(self) -> list[str]:
        """What Slack has to know: `/ops` once, whatever its sub-commands."""
        return sorted({command.slash_command for command in self.commands})


@dataclass(frozen=True)
class Contents:
    """What of ours a template has.

    Attributes:
        endpoints: Those for slash commands.
        posters_tokens: The parameters from which notifiers and scheduled bots read their bot tokens.
        instance_policy: The logical id of the policy for instance profiles, or None.
        targets: Which instances scripts may be sent to.
    """

    endpoints: tuple[Endpoint, ...]
    posters_tokens: tuple[str, ...]
    instance_policy: str | None
    targets: tuple[Target, ...]

    @property
    def bot_token_parameters(self) -> list[str]:
        """All parameters that hold a bot token."""
        of_endpoints = [each.bot_token_parameter for each in self.endpoints if each.bot_token_parameter]
        return list(dict.fromkeys([*of_endpoints, *self.posters_tokens]))


def contents_of(template: Any, stack: str) -> Contents:  # noqa: ANN401 - what CloudFormation has
    """What of ours the template has.

    Args:
        template: The template.
        stack: The stack's name, for errors.

    Raises:
        ContentsError: Nothing, or it is not readable.
    """
    resources = template.get("Resources", {}) if isinstance(template, dict) else {}
    tokens = tuple(dict.fromkeys(_posters_tokens(resources)))
    contents = Contents(
        endpoints=tuple(_endpoint(*each, tokens) for each in marked(resources, template_metadata.ENDPOINT)),
        posters_tokens=tokens,
        instance_policy=next((name for name, *_ in marked(resources, template_metadata.INSTANCE_POLICY)), None),
        targets=tuple(targets_of({"Resources": resources})),
    )
    if not (contents.endpoints or contents.posters_tokens or contents.instance_policy):
        raise ContentsError(
            f"the stack {stack} has no construct of chatops-constructs in it: name the stack that has the "
            "SlackCommandEndpoint; `aws cloudformation list-stacks` shows those that there are"
        )
    return contents


def marked(resources: Mapping[str, Any], mark: str) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """Logical id, resource and mark, of each resource that has it.

    Raises:
        ContentsError: A mark is of another version.
    """
    for name, resource in resources.items():
        found = resource.get("Metadata", {}).get(mark)
        if found is None:
            continue
        if found.get("version") != template_metadata.VERSION:
            raise ContentsError(
                f"{name}: its {mark} metadata has version {found.get('version')}, this program reads version "
                f"{template_metadata.VERSION}: install the chatops-constructs that the app is synthesised with"
            )
        yield name, resource, found


def _posters_tokens(resources: Mapping[str, Any]) -> Iterator[str]:
    for name, _, mark in marked(resources, template_metadata.NOTIFIER):
        yield text_of(mark, "bot_token_parameter", name)
    for name, _, mark in marked(resources, template_metadata.SECRETS):
        for each in mark.get("secrets", []):
            if each.get("kind") == template_metadata.BOT_TOKEN:
                yield text_of(each, "name", name)


def _endpoint(
    name: str, resource: Mapping[str, Any], mark: Mapping[str, Any], posters_tokens: tuple[str, ...]
) -> Endpoint:
    path = str(resource["Metadata"].get("aws:cdk:path") or "")
    signing_secret = text_of(mark, "signing_secret_parameter", name)
    bot_token = text_of(mark, "bot_token_parameter", name) if mark.get("bot_token_parameter") else None
    log_group = resource.get("Properties", {}).get("LoggingConfig", {}).get("LogGroup")
    return Endpoint(
        # <path of the endpoint>/<id of its function>/Resource
        name=path.rsplit("/", 2)[0] if path.count("/") >= 2 else name,
        url_output=text_of(mark, "url_output", name),
        log_group=log_group.get("Ref") if isinstance(log_group, dict) else None,
        team_id=text_of(mark, "team_id", name),
        app_id=text_of(mark, "app_id", name),
        signing_secret_parameter=signing_secret,
        bot_token_parameter=bot_token,
        app_posts=any(_folder(each) == _folder(signing_secret) for each in posters_tokens) or bot_token is not None,
        commands=tuple(_command(*each) for each in sorted(mark.get("commands", {}).items())),
        off_switch_parameter=text_of(mark, "off_switch_parameter", name) if mark.get("off_switch_parameter") else None,
        mutual_tls=mark.get("mutual_tls") is True,
        interactivity=mark.get("interactivity") is True,
        events=handlers.events(mark),
        interactions=handlers.interactions(mark),
    )


def _command(name: str, mark: Mapping[str, Any]) -> Command:
    return Command(
        name=name,
        description=mark["description"],
        usage=mark["usage"],
        should_escape=bool(mark.get("should_escape")),
        scopes=tuple(mark.get("scopes", ())),
        alias_of=mark.get("alias_of"),
    )


def _folder(parameter: str) -> str:
    return parameter.rpartition("/")[0]


def text_of(mark: Mapping[str, Any], key: str, name: str) -> str:
    """What a mark says in plain.

    Args:
        mark: The mark.
        key: Of what it says.
        name: The resource, for errors.

    Raises:
        ContentsError: It is known at deployment only.
    """
    value = mark.get(key)
    if not isinstance(value, str):
        raise ContentsError(
            f"{name}: its {key} is {value!r}, which is known at deployment only: give the construct the text itself, "
            "not a parameter of the stack"
        )
    return value
