"""What the commands of an endpoint share before they run: made for the first command that needs it, and only then."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chatops_constructs.run_command.run_locks import RunLocks
from chatops_constructs.slack.authorizer import Authorizer
from chatops_constructs.slack.decisions import Decisions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aws_cdk import aws_lambda as lambda_
    from constructs import Construct

    from chatops_constructs.slack.credentials import SlackCredentials
    from chatops_constructs.slack.decisions import Clickable
    from chatops_constructs.slack.telling import Telling


class AdmissionDesk:
    """The shared resources of an endpoint, each created when it is asked for."""

    def __init__(
        self,
        endpoint: Construct,
        *,
        team_id: str,
        credentials: SlackCredentials,
        telling: Telling,
        clickables: Callable[[], Sequence[Clickable]],
        when_clickable: Callable[[Decisions], None],
        when_created: Callable[[lambda_.Function], None],
    ) -> None:
        """Create nothing yet.

        Args:
            endpoint: Where things are created.
            team_id: The workspace.
            credentials: Slack's secrets.
            telling: What the endpoint shares with its machines.
            clickables: Gives the commands that can be clicked on, at synthesis.
            when_clickable: Called once, when there is something to click on.
            when_created: Called for every function that is created, once it is there.
        """
        self._endpoint = endpoint
        self._team_id = team_id
        self._credentials = credentials
        self._telling = telling
        self._clickables = clickables
        self._when_clickable = when_clickable
        self._when_created = when_created

    @cached_property
    def authorizer(self) -> Authorizer:
        """The function that finds out what only Slack knows about who may run a command."""
        authorizer = Authorizer(
            self._endpoint,
            "Authorize",
            team_id=self._team_id,
            credentials=self._credentials,
            encryption_key=self._telling.encryption_key,
        )
        self._when_created(authorizer)
        return authorizer

    @cached_property
    def turns(self) -> RunLocks:
        """The table of turns, for commands that run once at a time."""
        return RunLocks(self._endpoint, "Turns", encryption_key=self._telling.encryption_key)

    def take_clicks(self) -> None:
        """Have clicks handled even if no command of the endpoint has something to click on."""
        _ = self.decisions

    @cached_property
    def decisions(self) -> Decisions:
        """What handles clicks."""
        decisions = Decisions(
            self._endpoint,
            "Decisions",
            team_id=self._team_id,
            credentials=self._credentials,
            telling=self._telling,
            clickables=self._clickables,
        )
        self._when_clickable(decisions)
        self._when_created(decisions.function)
        return decisions
