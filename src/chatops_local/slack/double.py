"""A Slack on this machine, with Slack's limits and habits: sends slash commands, takes what apps post."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from chatops_local.slack.clicks import Clicks
from chatops_local.slack.content import Content
from chatops_local.slack.delivery import HttpAnswer, deliver
from chatops_local.slack.events import Events
from chatops_local.slack.faults import Faults
from chatops_local.slack.hooks import Hooks
from chatops_local.slack.interactions import Interactions
from chatops_local.slack.message import audience
from chatops_local.slack.proxy import SlackProxy
from chatops_local.slack.rate_limit import BURST, RateLimit
from chatops_local.slack.record import Record
from chatops_local.slack.response_urls import LIFETIME_SECONDS, ResponseUrls
from chatops_local.slack.sent_command import Ack, SentCommand
from chatops_local.slack.signing import FORM, SignedRequest, sign
from chatops_local.slack.slash_command import DEFAULT_CHANNEL, DEFAULT_USER, SlashCommand
from chatops_local.slack.uploads import Uploads
from chatops_local.slack.web_api import WebApi
from chatops_local.slack.workspace import RequestUrl, SlackApp, Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from chatops_local.slack.message import Message
    from chatops_local.slack.sent_click import SentClick
    from chatops_local.slack.sent_event import SentEvent
    from chatops_local.slack.sent_interaction import SentInteraction


class SlackDouble:
    """Slack, as an app's endpoint and functions meet it. Everything listens on 127.0.0.1 and ends with `stop()`.

    Attributes:
        workspace: The apps and where their commands go.
        is_over: When `SentCommand.wait` ends, for commands that are sent from now on.
        is_click_over: When `SentClick.wait` ends.
        is_event_over: When `SentEvent.wait` ends, and `SentInteraction.wait`.
        faults: What goes wrong when an app calls.
        clock_shift: How many seconds later than `clock` signatures say that it is, and redeliveries go by. What expires
            does not go by it.
        click: Clicks on a button of a message, see `Clicks.click`; `select` chooses in a menu, and `chosen` is what is
            chosen there.
        events: Tells apps of events. `event`, `mention`, `say`, `tell`, `verify_url` and `redeliver_due` are its
            methods, and `events.echo` says whether apps' own posts lead to events.
        interactions: Sends what people start by themselves. `shortcut` and `submit_view` are its methods.
    """

    def __init__(
        self,
        *,
        time_scale: float = 1.0,
        clock: Callable[[], float] = time.time,
        burst: int = BURST,
        is_over: Callable[[SentCommand], bool] = lambda sent: bool(sent.results),
    ) -> None:
        """Start.

        Args:
            time_scale: By how much waits are shortened in the cloud beside it: a response_url lives 30 minutes times
                this. What functions do in real time (acks, rate limits) is not scaled. Default: not shortened.
            clock: Unix time, for signatures, response_urls and rate limits. Default: the machine's.
            burst: How many messages a channel takes at once before one a second. Default: 3.
            is_over: When `SentCommand.wait` ends. Default: when a message came after the ack.
        """
        self.workspace = Workspace()
        self._record = Record()
        self._sent: list[SentCommand] = []
        self._clock = clock
        self.is_over = is_over
        self.is_click_over: Callable[[SentClick], bool] = lambda click: bool(click.messages)
        self.is_event_over: Callable[[SentEvent | SentInteraction], bool] = lambda sent: sent.is_answered
        self.clock_shift = 0.0
        self._response_urls = ResponseUrls(clock, lifetime=LIFETIME_SECONDS * time_scale)
        self.faults = Faults(self._response_urls)
        self._directory = tempfile.TemporaryDirectory(prefix="chatops-local-slack-")
        self._proxy = self._start_proxy(burst)
        self._clicks = Clicks(
            self.workspace,
            self._record,
            self._response_urls,
            self.sign,
            lambda click: self.is_click_over(click),  # noqa: PLW0108 - it may be another one later
        )
        self.click, self.select, self.chosen = self._clicks.click, self._clicks.select, self._clicks.chosen
        self.events = Events(
            self.workspace,
            self._record,
            lambda body, app, content_type: self.sign(body, app, content_type=content_type),
            lambda: self._clock() + self.clock_shift,
            lambda sent: self.is_event_over(sent),  # noqa: PLW0108 - it may be another one later
        )
        self._record.on_post = self.events.posted
        self.event, self.mention, self.say = self.events.event, self.events.mention, self.events.say
        self.tell = self.events.tell
        self.verify_url, self.redeliver_due = self.events.verify_url, self.events.redeliver_due
        self.interactions = Interactions(
            self.workspace,
            self._record,
            self._response_urls,
            self.sign,
            lambda sent: self.is_event_over(sent),  # noqa: PLW0108
        )
        self.shortcut, self.submit_view = self.interactions.shortcut, self.interactions.submit_view

    def _start_proxy(self, burst: int) -> SlackProxy:
        hooks = Hooks(self._record, self._response_urls).answer
        uploads = Uploads(self._record)
        web_api = WebApi(self.workspace, self._record, RateLimit(self._clock, burst=burst), uploads).answer
        sites = {
            "hooks.slack.com": hooks,
            "hooks.slack-gov.com": hooks,
            "slack.com": web_api,
            "www.slack.com": web_api,
            "slack-gov.com": web_api,
            "files.slack.com": uploads.answer,
        }
        failing = {host: self.faults.before(site) for host, site in sites.items()}
        return SlackProxy(Path(self._directory.name), failing, self._record.note)

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables with which a function reaches this Slack by Slack's real names."""
        return self._proxy.environment

    @property
    def proxy_url(self) -> str:
        """The address of the HTTPS proxy."""
        return self._proxy.url

    @property
    def certificate_authority(self) -> Path:
        """The file with the certificate that a client of the proxy has to trust."""
        return self._proxy.certificate_authority

    @property
    def sent(self) -> list[SentCommand]:
        """The commands that were sent so far, in the order of their acks."""
        return list(self._sent)

    @property
    def messages(self) -> list[Message]:
        """Everything that apps posted so far, in order, as it is now: updated, replaced, without what was deleted."""
        return self._record.messages

    @property
    def conversation(self) -> list[Message]:
        """The same, with what people wrote."""
        return self._record.conversation

    def thread(self, message: Message | str) -> list[Message]:
        """The thread of a message, or of a `ts`: its first message, and every reply that everybody sees."""
        first = message if isinstance(message, str) else message.thread
        return [each for each in self.conversation if first in (each.ts, each.thread_ts) and not each.ephemeral]

    @property
    def versions(self) -> list[Message]:
        """Every message of an app as it was posted, and again each time that it was changed or deleted, in order."""
        return self._record.versions

    @property
    def all_versions(self) -> list[Message]:
        """The same, with what people wrote."""
        return self._record.all_versions

    @property
    def clicked(self) -> list[SentClick]:
        """The clicks and choices that were sent so far with `click` and `select`, in the order of their acks."""
        return self._clicks.sent

    @property
    def notes(self) -> list[str]:
        """What happened and Slack would not have told: refused hosts, refused messages, truncated text."""
        return self._record.notes

    def send(
        self,
        command_line: str,
        *,
        user: str = DEFAULT_USER,
        channel: str = DEFAULT_CHANNEL,
        endpoint: str | None = None,
    ) -> SentCommand:
        """Type a slash command, as `user` in `channel`.

        Args:
            command_line: What is typed, such as `/ps` or `/ops restart nginx`.
            user: The user's id (`U…`).
            channel: The channel's id (`C…`).
            endpoint: The endpoint's name or app id. Default: the only endpoint there is.

        Raises:
            ValueError: The line is no slash command, an id is malformed, or the endpoint is not known or ambiguous.
        """
        command = SlashCommand.typed(command_line, user=user, channel=channel)
        to = self.workspace.endpoint(endpoint)
        response_url = self._response_urls.issue(to.app, command)
        request = self.sign(command.form(to.app, response_url), to.app)
        sent_at = time.time()
        ack = Ack.judge(deliver(request, to))
        self._show(ack, command, to.app, response_url)
        sent = SentCommand(command, to.name, request, response_url, sent_at, ack, self._record, self.is_over)
        self._sent.append(sent)
        return sent

    def form(
        self,
        command_line: str,
        *,
        user: str = DEFAULT_USER,
        channel: str = DEFAULT_CHANNEL,
        endpoint: str | None = None,
    ) -> bytes:
        """The body that `send` would POST, with a new response_url: to be altered, signed and delivered by a test."""
        command = SlashCommand.typed(command_line, user=user, channel=channel)
        app = self.workspace.endpoint(endpoint).app
        return command.form(app, self._response_urls.issue(app, command))

    def now(self, message: Message) -> Message:
        """A message as it is now.

        Raises:
            ValueError: It was deleted.
        """
        found = self._record.message(message.ts)
        if found is None:
            raise ValueError(f"message {message.ts} in {message.channel}: it is deleted")
        return found

    def sign(
        self, body: bytes, app: SlackApp | None = None, *, timestamp: str | None = None, content_type: str = FORM
    ) -> SignedRequest:
        """`body`, signed with the app's secret (default: of the only endpoint's app) for `timestamp` (default: now)."""
        secret = (app or self.workspace.endpoint().app).signing_secret
        now = str(int(self._clock() + self.clock_shift))
        return sign(secret, now if timestamp is None else timestamp, body, content_type)

    def deliver(self, request: SignedRequest, *, endpoint: str | None = None) -> HttpAnswer:
        """POST exactly these bytes and headers to the endpoint, and show nothing to anybody."""
        return deliver(request, self.workspace.endpoint(endpoint))

    def set_request_url(self, name: str, app: SlackApp, local_url: str, host: str) -> None:
        """Say where the slash commands of `app` go: what a person enters as the Request URL."""
        self.workspace.set_request_url(RequestUrl(name, app, local_url, host))

    def wait_for(self, predicate: Callable[[Message], bool], timeout: float = 30.0) -> Message:
        """The first message, past or to come, for which `predicate` is true, as it is now.

        Raises:
            TimeoutError: There is none after `timeout` seconds.
        """
        found: list[Message] = []

        def look() -> bool:
            found[:] = filter(predicate, self.messages)
            return bool(found)

        if not self._record.wait(look, timeout):
            raise TimeoutError(f"no such message after {timeout:g} s; {len(self.messages)} were posted in all")
        return found[0]

    def stop(self) -> None:
        """End everything. May be called twice."""
        if Path(self._directory.name).exists():
            self.faults.end()
            self._proxy.stop()
            self._directory.cleanup()

    def __enter__(self) -> SlackDouble:
        """Already started."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def _show(self, ack: Ack, command: SlashCommand, app: SlackApp, response_url: str) -> None:
        """Show the ack's message; without one, Slack shows nothing (or, with `in_channel`, only what was typed)."""
        if ack.text or ack.payload.get("blocks"):
            self._record.post(
                Content.read(ack.payload),
                via="ack",
                channel=command.channel_id,
                user=audience(ack.payload, command.user_id),
                app_id=app.app_id,
                response_url=response_url,
            )
