"""A Slack workspace: the apps installed in it, and where Slack reaches their slash commands."""

from __future__ import annotations

from dataclasses import dataclass, field

from chatops_local.slack.ids import new_bot_token, new_signing_secret, new_word, require_id
from chatops_local.slack.people import People


@dataclass(frozen=True)
class SlackApp:
    """One Slack app, as installed in one workspace. Its secrets are random and new, and in no `repr`."""

    app_id: str
    team_id: str
    signing_secret: str = field(default_factory=new_signing_secret, repr=False)
    bot_token: str = field(default_factory=new_bot_token, repr=False)
    verification_token: str = field(default_factory=lambda: new_word(24), repr=False)
    """The deprecated `token` field of requests."""

    def __post_init__(self) -> None:
        """Refuse what is no Slack id."""
        require_id("app", self.app_id)
        require_id("team", self.team_id)

    @property
    def bot_user_id(self) -> str:
        """The app's own user."""
        return "U0BOT" + self.app_id[1:]


@dataclass(frozen=True)
class RequestUrl:
    """The Request URL of an app's slash commands, and where it is reached on this machine."""

    name: str
    """How `send(endpoint=…)` calls it: the construct's path."""
    app: SlackApp
    local_url: str
    """`http://127.0.0.1:PORT/…`"""
    host: str
    """The `Host` header that makes the server there answer for the public address."""


SCOPES = frozenset(
    {
        "app_mentions:read",
        "chat:write",
        "commands",
        "files:write",
        "im:write",
        "usergroups:read",
        "users:read",
        "users:read.email",
    }
)
"""What an app is granted unless it is said otherwise (https://docs.slack.dev/reference/scopes)."""


class NoSuchEndpointError(ValueError):
    """A command cannot be sent: no endpoint, or none of that name, or several to choose from."""


class Workspace:
    """Apps by id and endpoints by name.

    Attributes:
        people: Who there is, and in which user groups.
    """

    def __init__(self) -> None:
        """Start without apps."""
        self.people = People()
        self._apps: dict[str, SlackApp] = {}
        self._endpoints: dict[str, RequestUrl] = {}
        self._scopes: dict[str, frozenset[str]] = {}
        self._left: set[tuple[str, str]] = set()

    def app(self, app_id: str, team_id: str) -> SlackApp:
        """The app of that id, installed at the first call.

        Raises:
            ValueError: An id is malformed, or the app is already installed in another workspace.
        """
        app = self._apps.setdefault(app_id, SlackApp(app_id, team_id))
        if app.team_id != team_id:
            raise ValueError(
                f"app {app_id} is installed in workspace {app.team_id}; the double keeps an app in one workspace"
            )
        return app

    def app_of_token(self, token: str) -> SlackApp | None:
        """The app whose bot token this is."""
        return next((app for app in self._apps.values() if app.bot_token == token), None)

    def app_of_id(self, app_id: str) -> SlackApp:
        """The app of that id, which is installed."""
        return self._apps[app_id]

    def grant(self, app: SlackApp, *scopes: str) -> None:
        """Install `app` again, with these scopes only."""
        self._scopes[app.app_id] = frozenset(scopes)

    def scopes_of(self, app: SlackApp) -> frozenset[str]:
        """What `app` is granted."""
        return self._scopes.get(app.app_id, SCOPES)

    def remove(self, app: SlackApp, channel: str) -> None:
        """Remove `app` from a channel. In the double, an app is in every channel until then."""
        self._left.add((app.app_id, channel))

    def invite(self, app: SlackApp, channel: str) -> None:
        """Invite `app` to a channel again."""
        self._left.discard((app.app_id, channel))

    def is_member(self, app: SlackApp, channel: str) -> bool:
        """Whether `app` may post in a channel or direct message."""
        return (app.app_id, channel) not in self._left

    def set_request_url(self, request_url: RequestUrl) -> None:
        """Say where the commands of an endpoint go, in place of what was said about it before."""
        self._endpoints[request_url.name] = request_url

    @property
    def endpoints(self) -> list[RequestUrl]:
        """Every endpoint, in the order in which they became known."""
        return list(self._endpoints.values())

    def endpoint(self, wanted: str | None = None) -> RequestUrl:
        """The endpoint of that name or app id; without one, the only endpoint there is.

        Raises:
            NoSuchEndpointError: There is not exactly one.
        """
        known = list(self._endpoints.values())
        found = [each for each in known if wanted in (None, each.name, each.app.app_id)]
        if len(found) == 1:
            return found[0]
        choices = ", ".join(f"{each.name!r} (app {each.app.app_id})" for each in known) or "none"
        if not known:
            raise NoSuchEndpointError("no Slack endpoint is deployed: deploy a stack with a SlackCommandEndpoint first")
        if not found:
            raise NoSuchEndpointError(f"endpoint {wanted!r}: no such endpoint; there are {choices}")
        raise NoSuchEndpointError(f"several endpoints can take the command; say which one with `endpoint`: {choices}")
