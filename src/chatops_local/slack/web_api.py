"""slack.com/api: the Web API methods that a bot token is used for (https://docs.slack.dev/apis/web-api)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from chatops_local.slack import uploads
from chatops_local.slack.chat_methods import ChatMethods, RateLimitedError
from chatops_local.slack.content import Content, RejectedError
from chatops_local.slack.http_message import Request, Response
from chatops_local.slack.ids import is_id
from chatops_local.slack.people_methods import PeopleMethods
from chatops_local.slack.slash_command import TEAM_DOMAIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_local.slack.rate_limit import RateLimit
    from chatops_local.slack.record import Record
    from chatops_local.slack.uploads import Uploads
    from chatops_local.slack.workspace import SlackApp, Workspace

Json = dict[str, Any]

_JSON_ARGUMENTS = ("blocks", "attachments", "metadata")
"""Arguments that a form carries as JSON."""
_BOOLEAN_ARGUMENTS = ("unfurl_links", "unfurl_media", "link_names", "reply_broadcast")
_FORM_ONLY = frozenset({"usergroups.users.list", "users.info", "users.lookupByEmail"})
"""Methods that take a form and no JSON: https://api.slack.com/methods/usergroups.users.list, "Content types"."""


class MissingScopeError(RejectedError):
    """The app is not granted what a method needs."""

    def __init__(self, needed: str, provided: frozenset[str]) -> None:
        """Say what is needed, and what there is."""
        super().__init__("missing_scope")
        self.needed = needed
        self.provided = provided

    def __str__(self) -> str:
        """The code and the scope."""
        return f"{self.code}: {self.needed} is needed"


class WebApi:
    """The site."""

    def __init__(self, workspace: Workspace, record: Record, rate_limit: RateLimit, uploads: Uploads) -> None:
        """Post into `record` for the apps of `workspace`."""
        self._workspace = workspace
        self._record = record
        self._uploads = uploads
        self._chat = ChatMethods(workspace, record, rate_limit)
        people = PeopleMethods(workspace.people)
        # The scope of a bot token that each method needs: https://docs.slack.dev/reference/methods
        self._methods: dict[str, tuple[str | None, Callable[[SlackApp, Json], Json]]] = {
            "auth.test": (None, self._auth_test),
            "chat.postMessage": ("chat:write", self._chat.post_message),
            "chat.postEphemeral": ("chat:write", self._chat.post_ephemeral),
            "chat.update": ("chat:write", self._chat.update),
            "conversations.open": ("im:write", self._chat.open),
            "files.getUploadURLExternal": ("files:write", self._get_upload_url),
            "files.completeUploadExternal": ("files:write", self._complete_upload),
            "usergroups.users.list": ("usergroups:read", people.users_of_group),
            "users.info": ("users:read", people.info),
            "users.lookupByEmail": ("users:read.email", people.by_email),
        }

    def answer(self, request: Request) -> Response:
        """Slack's answer: HTTP 200 with `ok` true or false, or 429."""
        name = request.path.removeprefix("/api/")
        scope, method = self._methods.get(name, (None, None))
        if method is None:
            self._record.note(f"{name} was called, a Web API method that the Slack double does not know")
            return Response.json(_error(RejectedError("unknown_method")))
        try:
            arguments = self._read(name, request)
            return Response.json({"ok": True, **method(self._authenticate(request, arguments, scope), arguments)})
        except RateLimitedError as limited:
            self._record.note(f"{name} was refused: ratelimited (one message a second and channel); {limited}")
            refusal = {"ok": False, "error": "ratelimited"}
            return Response.json(refusal, status=429, **{"Retry-After": str(limited.retry_after)})
        except RejectedError as rejected:
            self._record.note(f"{name} was refused: {rejected}")
            return Response.json(_error(rejected))

    def _read(self, name: str, request: Request) -> Json:
        if name in _FORM_ONLY and request.headers.get_content_type() == "application/json":
            self._record.note(f"{name} takes a form: the arguments in its JSON were not read")
            return {}
        return _arguments(request)

    def _authenticate(self, request: Request, arguments: Json, scope: str | None) -> SlackApp:
        """The app of the token, if it is granted `scope`."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            token = str(arguments.get("token") or "")
        if not token:
            raise RejectedError("not_authed")
        app = self._workspace.app_of_token(token.strip())
        if app is None:
            raise RejectedError("invalid_auth")
        # https://docs.slack.dev/reference/methods/chat.postMessage#errors
        if scope is not None and scope not in self._workspace.scopes_of(app):
            raise MissingScopeError(scope, self._workspace.scopes_of(app))
        return app

    def _auth_test(self, app: SlackApp, _: Json) -> Json:
        return {
            "url": f"https://{TEAM_DOMAIN}.slack.com/",
            "team": TEAM_DOMAIN,
            "user": app.bot_user_id.lower(),
            "team_id": app.team_id,
            "user_id": app.bot_user_id,
            "bot_id": "B" + app.app_id[1:],
            "is_enterprise_install": False,
        }

    def _get_upload_url(self, app: SlackApp, arguments: Json) -> Json:
        return self._uploads.ticket(app.app_id, arguments, uploads.HOST)

    def _complete_upload(self, app: SlackApp, arguments: Json) -> Json:
        """Without a channel, the files stay private: nobody sees them."""
        channel = str(arguments.get("channel_id") or "")
        if channel and not is_id("channel", channel):
            raise RejectedError("channel_not_found")
        if channel:
            self._chat.channel_of(app, channel)
        files = self._uploads.complete(app.app_id, arguments)
        if channel:
            comment = {"text": str(arguments.get("initial_comment") or "")}
            self._record.post(
                Content.read(comment) if comment["text"] else Content("", (), (), (), truncated=False),
                via="files.completeUploadExternal",
                channel=channel,
                user=None,
                app_id=app.app_id,
                thread_ts=arguments.get("thread_ts"),
                files=files,
            )
        return {"files": [{"id": file.id, "title": file.title} for file in files]}


def _arguments(request: Request) -> Json:
    """The call's arguments; a form's JSON and boolean ones decoded. Of a GET, what is in the address."""
    arguments: Json = dict(parse_qsl(urlsplit(request.target).query)) if request.method == "GET" else request.fields()
    if request.headers.get_content_type() == "application/json":
        return arguments
    for name in _JSON_ARGUMENTS:
        if arguments.get(name):
            try:
                arguments[name] = json.loads(arguments[name])
            except ValueError:
                raise RejectedError(f"invalid_{name}_format") from None
    for name in _BOOLEAN_ARGUMENTS:
        if name in arguments:
            arguments[name] = arguments[name].lower() in ("1", "true")
    return arguments


def _error(rejected: RejectedError) -> Json:
    error: Json = {"ok": False, "error": rejected.code}
    if isinstance(rejected, MissingScopeError):
        return {**error, "needed": rejected.needed, "provided": ",".join(sorted(rejected.provided))}
    if not rejected.details:
        return error
    messages = [f"[ERROR] {detail}" for detail in rejected.details]
    return {**error, "errors": rejected.details, "response_metadata": {"messages": messages}}
