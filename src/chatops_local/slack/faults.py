"""What a test lets go wrong when an app calls Slack: errors, rate limits, silence, connections that break.

Slack asks for patience with HTTP 429 and `Retry-After` (https://docs.slack.dev/apis/web-api/rate-limits); its Web API
refuses with HTTP 200 and `"ok": false` (https://docs.slack.dev/apis/web-api/#responses).
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_local.slack.content import RejectedError
from chatops_local.slack.http_message import HangUpError, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_local.slack.response_urls import ResponseUrls

RESPONSE_URL = "response_url"
UPLOAD = "upload"

SILENCE_SECONDS = 30.0
"""For how long a silent Slack keeps a connection; clients give up before."""


@dataclass(frozen=True)
class Fault:
    """One way in which a call goes wrong."""

    response: Response | None = None
    """What is answered; `None`: nothing."""
    silent: bool = False
    """Whether the connection is kept meanwhile, so that the client waits until it gives up."""
    taken: bool = False
    """Whether Slack carries the call out first: it is the answer that is lost."""

    @classmethod
    def status(cls, status: int, *, retry_after: int | None = None) -> Fault:
        """Answer with an HTTP status, such as 500, or 429 with seconds in `Retry-After`."""
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        return cls(Response(status, b"", "text/html", headers))

    @classmethod
    def refusal(cls, code: str, *, status: int = 200) -> Fault:
        """Refuse with Slack's error code, such as `token_revoked`, or `expired_url` with the status 404."""
        return cls(Response.json({"ok": False, "error": code}, status=status))

    @classmethod
    def silence(cls, *, taken: bool = False) -> Fault:
        """Answer nothing until the client gives up."""
        return cls(silent=True, taken=taken)

    @classmethod
    def closed_connection(cls, *, taken: bool = False) -> Fault:
        """Close the connection without an answer."""
        return cls(taken=taken)


@dataclass
class _Injected:
    method: str
    fault: Fault
    among: frozenset[str] | None
    after: int
    times: int

    def takes(self, method: str, concerned: frozenset[str]) -> bool:
        """Whether it is this call that goes wrong; asked once a call."""
        if method != self.method or not self.times or (self.among is not None and not self.among & concerned):
            return False
        if self.after:
            self.after -= 1
            return False
        self.times -= 1
        return True


class Faults:
    """What goes wrong from now on; without being told, nothing does."""

    def __init__(self, response_urls: ResponseUrls) -> None:
        """Know to whose command or click each of `response_urls` belongs."""
        self._response_urls = response_urls
        self._injected: list[_Injected] = []
        self._lock = threading.Lock()
        self._is_over = threading.Event()

    def inject(
        self, method: str, fault: Fault, *, times: int = 1, after: int = 0, among: frozenset[str] | None = None
    ) -> None:
        """Let the next calls go wrong.

        Args:
            method: `response_url`, a method of the Web API such as `chat.postMessage`, or `upload`: the second step of
                sending a file.
            fault: How.
            times: How many of them.
            after: How many go well first.
            among: Only calls that concern one of these users or channels: who typed the command of the response_url,
                or clicked, and where, or the channel of the Web API's call. Default: all.
        """
        with self._lock:
            self._injected.append(_Injected(method, fault, among, after, times))

    def clear(self) -> None:
        """Let everything go well again."""
        with self._lock:
            self._injected.clear()

    def end(self) -> None:
        """End all silences."""
        self._is_over.set()

    def before(self, site: Callable[[Request], Response]) -> Callable[[Request], Response]:
        """`site`, when nothing goes wrong."""

        def answer(request: Request) -> Response:
            fault = self._fault_of(request)
            if fault is None:
                return site(request)
            if fault.taken:
                site(request)
            if fault.response is not None:
                return fault.response
            if fault.silent:
                self._is_over.wait(SILENCE_SECONDS)
            raise HangUpError

        return answer

    def _fault_of(self, request: Request) -> Fault | None:
        with self._lock:
            if not self._injected:
                return None
            method, concerned = self._call(request)
            return next((each.fault for each in self._injected if each.takes(method, concerned)), None)

    def _call(self, request: Request) -> tuple[str, frozenset[str]]:
        if request.host.startswith("hooks."):
            url = self._response_urls.of(request.path)
            return RESPONSE_URL, frozenset((url.user_id, url.channel_id) if url else ())
        if request.host.startswith("files."):
            return UPLOAD, frozenset()
        channel = _fields(request).get("channel") or _fields(request).get("channel_id")
        return request.path.removeprefix("/api/"), frozenset([str(channel)] if channel else ())


def _fields(request: Request) -> dict[str, Any]:
    try:
        return request.fields()
    except RejectedError:
        return {}
