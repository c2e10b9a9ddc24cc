"""What a template says of an endpoint to tools that read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aws_cdk import Stack

from chatops_constructs.slack.handler_entries import event_marks, interaction_marks
from chatops_runtime.contracts import template_metadata

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aws_cdk import CfnOutput
    from aws_cdk import aws_lambda as lambda_

    from chatops_constructs.slack.command import EndpointCommand
    from chatops_constructs.slack.credentials import SlackCredentials
    from chatops_constructs.slack.handler import EndpointHandler
    from chatops_constructs.slack.workspace import SlackWorkspace


def describe_endpoint(
    dispatch: lambda_.Function,
    *,
    url_output: CfnOutput,
    workspace: SlackWorkspace,
    credentials: SlackCredentials,
    off_switch: str,
    mutual_tls: bool,
    interactivity: bool,
    commands: Iterable[EndpointCommand],
    handlers: Mapping[str, EndpointHandler],
) -> None:
    """Put the mark on the dispatch function by which an endpoint is found.

    Args:
        dispatch: The function.
        url_output: The output with the endpoint's URL.
        workspace: The workspace and the app.
        credentials: The names of Slack's secrets.
        off_switch: The name of the parameter.
        mutual_tls: Whether Slack's certificate is wanted.
        interactivity: Whether there is anything to click on.
        commands: All of them.
        handlers: What answers events and interactions.
    """
    events, interactions = event_marks(handlers), interaction_marks(handlers)
    cast("lambda_.CfnFunction", dispatch.node.default_child).add_metadata(
        template_metadata.ENDPOINT,
        {
            "version": template_metadata.VERSION,
            "url_output": Stack.of(dispatch).get_logical_id(url_output),
            "team_id": workspace.team_id,
            "app_id": workspace.app_id,
            "signing_secret_parameter": credentials.signing_secret_parameter,
            "off_switch_parameter": off_switch,
            "bot_token_parameter": credentials.bot_token_parameter,
            **({"mutual_tls": True} if mutual_tls else {}),
            **({"interactivity": True} if interactivity else {}),
            "commands": {name: mark for command in commands for name, mark in command.descriptions_for_slack.items()},
            **({"events": events} if events else {}),
            **({"interactions": interactions} if interactions else {}),
        },
    )
