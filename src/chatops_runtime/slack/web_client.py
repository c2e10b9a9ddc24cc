"""Posting to Slack: to a response URL, to the few methods of the Web API that are needed, and a file's bytes.

`urllib.request` takes proxy (`HTTPS_PROXY`) and certificate authorities (`SSL_CERT_FILE`) from the environment, as
everything on a machine behind a proxy has to. Redirects are not followed: what is posted goes to Slack or nowhere.
"""

from __future__ import annotations

import json
import re
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from chatops_runtime.log_line import LoggableError

if TYPE_CHECKING:
    from email.message import Message as Headers
    from typing import IO

API = "https://slack.com/api/"
GOV_API = "https://slack-gov.com/api/"
"""https://docs.slack.dev/govslack"""

TIMEOUT_SECONDS = 10

_JSON = "application/json; charset=utf-8"
_FORM = "application/x-www-form-urlencoded"
_LONGEST_ANSWER_BYTES = 100_000
_ERROR_CODE = re.compile(r"[a-z0-9_]{1,80}")
# Errors that Slack documents for chat.postMessage as its own and passing:
# https://docs.slack.dev/reference/methods/chat.postMessage#errors
_PASSING = frozenset(
    {
        "external_channel_migrating",
        "fatal_error",
        "internal_error",
        "rate_limited",
        "ratelimited",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
    }
)


class SlackRefusedError(LoggableError):
    """Slack will not take the message, now or later. `code` is Slack's own word for it."""

    def __init__(self, code: str, status: int) -> None:
        """With Slack's error code and the HTTP status."""
        super().__init__(f"Slack answered {code} (HTTP {status})")
        self.code = code
        self.status = status


class SlackRetryable(LoggableError):  # noqa: N818 - it says what to do
    """Slack may take the message later: it is busy, failing, or out of reach."""

    def __init__(self, reason: str, retry_after: int | None = None) -> None:
        """For a reason, and after how many seconds if Slack said so."""
        super().__init__(f"Slack cannot take the message now: {reason}")
        self.retry_after = retry_after


class WebClient:
    """Posts JSON to Slack over HTTPS."""

    def __init__(self) -> None:
        """With the proxy and the authorities that the environment names now."""
        self._opener = build_opener(_RedirectsRefused)

    def respond(self, response_url: str, message: dict[str, Any]) -> None:
        """Post to the response_url of a command or a click, which the caller has checked.

        Raises:
            SlackRefusedError: Slack refused, such as with `expired_url` or `used_url`.
            SlackRetryable: Slack was busy, failing or out of reach.
        """
        self._post(response_url, json.dumps(message).encode(), {"Content-Type": _JSON})

    def post_message(self, api: str, token: str, message: dict[str, Any]) -> dict[str, Any]:
        """Call chat.postMessage: https://docs.slack.dev/reference/methods/chat.postMessage.

        Returns:
            Slack's answer, with the `channel` and the `ts` of the message; empty if it is no JSON object.

        Raises:
            SlackRefusedError: Slack refused, such as with `not_in_channel`.
            SlackRetryable: Slack was busy, failing or out of reach.
        """
        return _fields(self._post_json(f"{api}chat.postMessage", token, message)) or {}

    def update_message(self, api: str, token: str, message: dict[str, Any]) -> None:
        """Call chat.update: https://docs.slack.dev/reference/methods/chat.update.

        Raises:
            SlackRefusedError: Slack refused, such as with `message_not_found`.
            SlackRetryable: Slack was busy, failing or out of reach.
        """
        self._post_json(f"{api}chat.update", token, message)

    def call(self, api: str, method: str, token: str, **arguments: str) -> dict[str, Any]:
        """Call any method of the Web API with a form, which all of them take.

        https://docs.slack.dev/apis/web-api/#evaluating_post_bodies

        Raises:
            SlackRefusedError: Slack refused, such as with `missing_scope`, or answered what is no JSON object.
            SlackRetryable: Slack was busy, failing or out of reach.
        """
        headers = {"Content-Type": _FORM, "Authorization": f"Bearer {token}"}
        fields = _fields(self._post(f"{api}{method}", urlencode(arguments).encode(), headers))
        if fields is None:
            raise SlackRefusedError("no_json", 200)
        return fields

    def upload(self, url: str, content: bytes) -> None:
        """Post a file's bytes to an upload URL, which the caller has checked.

        https://docs.slack.dev/messaging/working-with-files#upload

        Raises:
            SlackRefusedError: Slack refused.
            SlackRetryable: Slack was busy, failing or out of reach.
        """
        self._post(url, content, {"Content-Type": "application/octet-stream"})

    def _post_json(self, url: str, token: str, message: dict[str, Any]) -> bytes:
        headers = {"Content-Type": _JSON, "Authorization": f"Bearer {token}"}
        return self._post(url, json.dumps(message).encode(), headers)

    def _post(self, url: str, body: bytes, headers: dict[str, str]) -> bytes:
        """The answer. No error from here has the URL or the token in its text, nor a cause or a context that has."""
        if not url.startswith("https://"):
            raise SlackRefusedError("url_not_https", 0)
        request = Request(url, body, headers)  # noqa: S310 - https, as was just checked
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as response:
                status, answer = response.status, bytes(response.read(_LONGEST_ANSWER_BYTES))
        except HTTPError as error:
            status, answer, retry_after = error.code, _read(error), error.headers.get("Retry-After")
        except URLError as error:
            raise SlackRetryable(f"no connection ({type(error.reason).__name__})") from None
        except (OSError, HTTPException) as error:
            raise SlackRetryable(f"no answer ({type(error).__name__})") from None
        else:
            retry_after = None
        _judge(status, answer, retry_after)
        return answer


class _RedirectsRefused(HTTPRedirectHandler):
    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Headers, newurl: str
    ) -> None:  # without a request to go on with, urllib raises the redirect as an HTTPError
        del req, fp, code, msg, headers, newurl


def _read(error: HTTPError) -> bytes:
    try:
        return error.read(_LONGEST_ANSWER_BYTES)
    except (OSError, HTTPException):
        return b""
    finally:
        error.close()


def _judge(status: int, answer: bytes, retry_after: str | None) -> None:
    if status == 429 or status >= 500:
        raise SlackRetryable(f"HTTP {status}", _seconds(retry_after))
    code = _error_code(answer)
    if code in _PASSING:
        raise SlackRetryable(code)
    if code is not None or not 200 <= status < 300:
        raise SlackRefusedError(code or "no_reason", status)


def _fields(answer: bytes) -> dict[str, Any] | None:
    """The JSON object that `answer` is, or None."""
    try:
        fields = json.loads(answer)
    except ValueError:
        return None
    return fields if isinstance(fields, dict) else None


def _error_code(answer: bytes) -> str | None:
    """Slack's word for what is wrong, from `{"ok": false, "error": "…"}` or a bare line; None when nothing is."""
    try:
        parsed = json.loads(answer)
    except ValueError:
        text = answer.decode("utf-8", "replace").strip()
        return text if text != "ok" and _ERROR_CODE.fullmatch(text) else None
    if not isinstance(parsed, dict) or parsed.get("ok") is not False:
        return None
    error = parsed.get("error")
    return error if isinstance(error, str) and _ERROR_CODE.fullmatch(error) else "no_reason"


def _seconds(retry_after: str | None) -> int | None:
    return int(retry_after) if retry_after is not None and retry_after.isascii() and retry_after.isdigit() else None
