"""The secrets of Slack's apps, put where endpoints and notifiers read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.cloud.notifiers import APP_ID, TEAM_ID

if TYPE_CHECKING:
    from chatops_local.cloud.endpoints import Endpoint
    from chatops_local.server import Server
    from chatops_local.slack import SlackApp, Workspace


class SlackSecrets:
    """Signing secrets and bot tokens in Parameter Store."""

    def __init__(self, server: Server, workspace: Workspace) -> None:
        """Put those of the apps of `workspace` on `server`."""
        self._server = server
        self._workspace = workspace
        self._token_parameters: set[tuple[str, str]] = set()

    def app_of(self, endpoint: Endpoint) -> SlackApp:
        """The app that an endpoint is for."""
        return self._workspace.app(endpoint.app_id, endpoint.team_id)

    def put(self, endpoint: Endpoint, region: str) -> None:
        """Put what an endpoint reads."""
        app = self.app_of(endpoint)
        self._server.put_secret(endpoint.signing_secret_parameter, app.signing_secret, region)
        if endpoint.bot_token_parameter:
            self._server.put_secret(endpoint.bot_token_parameter, app.bot_token, region)
            self._token_parameters.add((endpoint.bot_token_parameter, region))

    def put_notifier_token(self, parameter: str, region: str) -> None:
        """Put the token of the endpoint's app that has the same parameter; else of an app that all notifiers share."""
        if (parameter, region) not in self._token_parameters:
            self._server.put_secret(parameter, self._workspace.app(APP_ID, TEAM_ID).bot_token, region)
