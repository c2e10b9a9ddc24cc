"""slack.com/api: the Web API methods that a bot token is used for (https://docs.slack.dev/apis/web-api)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chatops_local.slack import uploads
from chatops_local.slack.content import Content, RejectedError
from chatops_local.slack.http_message import Request, Response
from chatops_local.slack.ids import is_id
from chatops_local.slack.slash_command import TEAM_DOMAIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_local.slack.message import Message
    from chatops_local.slack.rate_limit import RateLimit
    from chatops_local.slack.record import Record
    from chatops_local.slack.uploads import Uploads
    from chatops_local.slack.workspace import SlackApp, Workspace

Json = dict[str, Any]

_JSON_ARGUMENTS = ("blocks", "attachments", "metadata")
"""Arguments that a form carries as JSON."""
_BOOLEAN_ARGUMENTS = ("unfurl_links", "unfurl_media", "link_names")


class RateLimitedError(Exception):
    """A channel had its message this second."""

    def __init__(self, retry_after: int) -> None:
        """Ask to come again after so many seconds."""
        super().__init__(f"come again after {retry_after} s")
        self.retry_after = retry_after


class WebApi:
    """The site."""

    def __init__(self, workspace: Workspace, record: Record, rate_limit: RateLimit, uploads: Uploads) -> None:
        """Post into `record` for the apps of `workspace`."""
        self._workspace = workspace
        self._record = record
        self._rate_limit = rate_limit
        self._uploads = uploads
        self._methods: dict[str, tuple[str | None, Callable[[SlackApp, Json], Json]]] = {
            "auth.test": (None, self._auth_test),
            "chat.postMessage": ("chat:write", self._post_message),
            "chat.postEphemeral": ("chat:write", self._post_ephemeral),
            "conversations.open": ("im:write", self._open),
            "files.getUploadURLExternal": ("files:write", self._get_upload_url),
            "files.completeUploadExternal": ("files:write", self._complete_upload),
        }

    def answer(self, request: Request) -> Response:
        """Slack's answer: HTTP 200 with `ok` true or false, or 429."""
        name = request.path.removeprefix("/api/")
        scope, method = self._methods.get(name, (None, None))
        if method is None:
            self._record.note(f"{name} was called, a Web API method that the Slack double does not know")
            return Response.json(_error(RejectedError("unknown_method")))
        try:
            arguments = _arguments(request)
            return Response.json({"ok": True, **method(self._authenticate(request, arguments, scope), arguments)})
        except RateLimitedError as limited:
            self._record.note(f"{name} was refused: ratelimited (one message a second and channel); {limited}")
            refusal = {"ok": False, "error": "ratelimited"}
            return Response.json(refusal, status=429, **{"Retry-After": str(limited.retry_after)})
        except RejectedError as rejected:
            self._record.note(f"{name} was refused: {rejected}")
            return Response.json(_error(rejected))

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
            raise RejectedError("missing_scope")
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

    def _post_message(self, app: SlackApp, arguments: Json) -> Json:
        channel = self._channel_of(app, _channel(arguments))
        content = Content.read(arguments)
        self._take_turn(app, channel)
        message = self._record.post(
            content, via="chat.postMessage", channel=channel, user=None, thread_ts=arguments.get("thread_ts")
        )
        return {"channel": channel, "ts": message.ts, "message": _as_posted(app, message)}

    def _post_ephemeral(self, app: SlackApp, arguments: Json) -> Json:
        channel, user = self._channel_of(app, _channel(arguments)), str(arguments.get("user") or "")
        if not is_id("user", user):
            raise RejectedError("user_not_in_channel")
        content = Content.read(arguments)
        self._take_turn(app, channel)
        message = self._record.post(
            content, via="chat.postEphemeral", channel=channel, user=user, thread_ts=arguments.get("thread_ts")
        )
        return {"message_ts": message.ts}

    def _open(self, _: SlackApp, arguments: Json) -> Json:
        """https://docs.slack.dev/reference/methods/conversations.open, with one user: a direct message."""
        user = str(arguments.get("users") or "")
        if not user:
            raise RejectedError("users_list_not_supplied")
        if not is_id("user", user):
            raise RejectedError("user_not_found")
        return {"channel": {"id": "D" + user[1:]}}

    def _get_upload_url(self, app: SlackApp, arguments: Json) -> Json:
        return self._uploads.ticket(app.app_id, arguments, uploads.HOST)

    def _complete_upload(self, app: SlackApp, arguments: Json) -> Json:
        """Without a channel, the files stay private: nobody sees them."""
        channel = str(arguments.get("channel_id") or "")
        if channel and not is_id("channel", channel):
            raise RejectedError("channel_not_found")
        if channel:
            self._channel_of(app, channel)
        files = self._uploads.complete(app.app_id, arguments)
        if channel:
            comment = {"text": str(arguments.get("initial_comment") or "")}
            self._record.post(
                Content.read(comment) if comment["text"] else Content("", (), (), (), truncated=False),
                via="files.completeUploadExternal",
                channel=channel,
                user=None,
                thread_ts=arguments.get("thread_ts"),
                files=files,
            )
        return {"files": [{"id": file.id, "title": file.title} for file in files]}

    def _channel_of(self, app: SlackApp, channel: str) -> str:
        """`channel`, if the app is in it."""
        if not self._workspace.is_member(app, channel):
            raise RejectedError("not_in_channel")
        return channel

    def _take_turn(self, app: SlackApp, channel: str) -> None:
        retry_after = self._rate_limit.retry_after((app.team_id, channel))
        if retry_after is not None:
            raise RateLimitedError(retry_after)


def _arguments(request: Request) -> Json:
    """The call's arguments; a form's JSON and boolean ones decoded."""
    arguments = request.fields()
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


def _channel(arguments: Json) -> str:
    """The channel, or a user's id for a direct message. In the double, every well-formed id exists."""
    channel = str(arguments.get("channel") or "")
    if not (is_id("channel", channel) or is_id("user", channel)):
        raise RejectedError("channel_not_found")
    return "D" + channel[1:] if is_id("user", channel) else channel


def _as_posted(app: SlackApp, message: Message) -> Json:
    return {
        "type": "message",
        "user": app.bot_user_id,
        "bot_id": "B" + app.app_id[1:],
        "app_id": app.app_id,
        "team": app.team_id,
        "text": message.text,
        "ts": message.ts,
        **({"blocks": list(message.blocks)} if message.blocks else {}),
        **({"thread_ts": message.thread_ts} if message.thread_ts else {}),
    }


def _error(rejected: RejectedError) -> Json:
    if not rejected.details:
        return {"ok": False, "error": rejected.code}
    messages = [f"[ERROR] {detail}" for detail in rejected.details]
    return {
        "ok": False,
        "error": rejected.code,
        "errors": rejected.details,
        "response_metadata": {"messages": messages},
    }
