"""`chatops-constructs setup`: from a deployed stack to commands that work in Slack."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from typing import TYPE_CHECKING

from chatops_setup import app_manifest, manifest_of_handlers, secret_kinds
from chatops_setup.cli import options, reading
from chatops_setup.cli.output import Output
from chatops_setup.storing import Storing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_setup.checks import Checks
    from chatops_setup.contents import Endpoint

EPILOG = """\
examples:
  chatops-constructs setup OpsBot
  chatops-constructs setup OpsBot --app-id A034CD5EF --manifest app.json
  printf '%s\\n' "/ops-bot/prod/slack-signing-secret=$SECRET" | chatops-constructs setup OpsBot --stdin --overwrite

exit code: 0 if all is well; 1 if something is left to do; 2 if the command line was wrong.
"""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add this command."""
    parser = commands.add_parser(
        "setup",
        help="make the Slack app, store its secrets, and try everything",
        description="Says how to make the Slack app that fits a deployed stack, asks for its secrets and stores them, "
        "and tries everything. Run it as often as you like: it writes over nothing without asking.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_stack_options(parser)
    options.add_app_options(parser)
    parser.add_argument(
        "--stdin",
        action="store_true",
        help="do not ask: read the secrets as lines PARAMETER=VALUE from standard input, which may be empty",
    )
    parser.add_argument("--overwrite", action="store_true", help="with --stdin: write over secrets that are stored")
    parser.add_argument(
        "--key-id",
        metavar="KEY",
        help="encrypt with this key: the `encryption_key` of SlackCredentials. Default: the key that a parameter had, "
        "else the account's aws/ssm",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; the exit code."""
    output = Output(sys.stdout, sys.stderr, with_details=True)
    checks = reading.checks(arguments, output)
    output.title("The Slack app")
    output.run(checks.of_app())
    if checks.manifest is None:
        for endpoint in checks.endpoints:
            output.say("\n".join(_how_to_make(endpoint, checks)))
    output.title("Secrets")
    given = _store(arguments, checks, output)
    checks = dataclasses.replace(checks, given=given.given)
    output.run(checks.of_secrets())
    output.title("Instances")
    output.run(checks.of_instances())
    output.title("The endpoint")
    output.run(checks.of_endpoints())
    output.title("What remains to be done in Slack")
    for number, line in enumerate(_by_hand(checks), start=1):
        output.say(f"{number}. {line}")
    return output.finish(stack=checks.stack.name)


def _how_to_make(endpoint: Endpoint, checks: Checks) -> Iterator[str]:
    url = checks.stack.url_of(endpoint)
    document = app_manifest.manifest(endpoint, url=url, name=checks.stack.name)
    link = app_manifest.creation_link(document)
    yield f"\nIf there is no app for {endpoint.name} yet, create it in {endpoint.team_id}, with everything filled in:"
    if link:
        yield f"  {link}"
    else:
        yield f"  at {app_manifest.APPS}, Create New App, From a manifest, with what this prints:"
        yield f"  chatops-constructs manifest {checks.stack.name}"
    yield (
        f"The stack serves the app {endpoint.app_id}. If the new one has another App ID (Basic Information), write "
        "that into SlackWorkspace.team(…, app=…), deploy the stack and run this again."
    )
    yield f"If the app exists, open {app_manifest.settings_link(endpoint.app_id)}, App Manifest, and see that it has:"
    for command in document["features"]["slash_commands"]:
        escape = "; escape channels, users and links: on" if command["should_escape"] else ""
        usage = f"{command['command']} {command.get('usage_hint', '')}".rstrip()
        yield f"  {usage}: {command['description']}{escape}"
    yield f"  each with the Request URL {url}"
    if endpoint.interactivity:
        yield "  and Interactivity (Interactivity & Shortcuts) on, with the same Request URL"
    if endpoint.events:
        subscribed = ", ".join(manifest_of_handlers.subscriptions(endpoint))
        yield f"  and Event Subscriptions on, with the same Request URL and the bot events {subscribed}"
    yield f"  and the Bot Token Scopes {', '.join(app_manifest.scopes(endpoint))}."
    yield "Or save that manifest as JSON and run this again with --manifest FILE, which says what to change."


def _store(arguments: argparse.Namespace, checks: Checks, output: Output) -> Storing:
    source = reading.source(checks.secrets, from_stdin=arguments.stdin, replace=arguments.overwrite)
    storing = Storing(checks.aws, source, key_id=arguments.key_id)
    for kind, name in checks.secrets:
        finding = storing.settle(kind, name)
        if finding is not None:
            output.show(finding)
    return storing


def _by_hand(checks: Checks) -> Iterator[str]:
    for endpoint in checks.endpoints:
        page = app_manifest.settings_link(endpoint.app_id)
        yield f"Install the app in {endpoint.team_id}: {page}, Install App. Again after a change of scopes."
    if not checks.endpoints:
        yield f"Create an app at {app_manifest.APPS} with the Bot Token Scope chat:write, and install it."
    for kind, name in checks.secrets:
        if kind is secret_kinds.BOT_TOKEN and name not in checks.given:
            yield f"If {name} is not the token of that installation, run this again and paste it."
    if checks.stack.contents.bot_token_parameters:
        yield "In every channel that the app posts to: /invite @ and the app's name."
    for endpoint in checks.endpoints:
        for name in endpoint.slash_commands[:1]:
            yield (
                f"Type {name} help in Slack. If Slack says dispatch_failed, run chatops-constructs doctor "
                f"{checks.stack.name}: the endpoint's log knows why."
            )
