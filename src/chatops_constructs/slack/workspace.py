"""The Slack workspace and app that an endpoint serves."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chatops_constructs._problems import Problems, matches

TEAM_ID = re.compile(r"T[A-Z0-9]{2,20}")
APP_ID = re.compile(r"A[A-Z0-9]{2,20}")


@dataclass(frozen=True)
class SlackWorkspace:
    """One workspace and one app: requests of any other are refused, however well signed.

    Attributes:
        team_id: The workspace's id.
        app_id: The app's id.
    """

    team_id: str
    app_id: str

    @classmethod
    def team(cls, team_id: str, *, app: str) -> SlackWorkspace:
        """The workspace `team_id` with the app `app`.

        Example:
            from chatops_constructs import SlackWorkspace

            workspace = SlackWorkspace.team("T012AB3CD", app="A034CD5EF")

        Args:
            team_id: The workspace's id, `T…`: in the address bar of Slack in a browser, app.slack.com/client/T….
            app: The app's id, `A…`: under "Basic Information" of the app at api.slack.com/apps.

        Raises:
            ValueError: One of them is no such id.
        """
        problems = Problems("SlackWorkspace.team")
        problems.check(
            matches(TEAM_ID, team_id),
            "team_id",
            team_id,
            "T and capital letters or digits",
            "copy it from the address of Slack in a browser: app.slack.com/client/T…",
        )
        problems.check(
            matches(APP_ID, app),
            "app",
            app,
            "A and capital letters or digits",
            "copy the App ID from Basic Information of your app at api.slack.com/apps",
        )
        problems.raise_if_any()
        return cls(team_id, app)
