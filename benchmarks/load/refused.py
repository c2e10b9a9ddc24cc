"""Requests of which nothing may come but the answer: what is wrong with each, and what it is answered."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from benchmarks.load.answers import EPHEMERAL, Expected, Plain, Said

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chatops_local.slack import SignedRequest, SlackDouble

    Made = tuple[SignedRequest, Expected]

STALE_SECONDS = (-86_400, -3_600, -330, 330, 3_600)
"""Too early and too late: Slack's documentation says five minutes."""

UNAUTHORIZED = Expected(401, (Plain("Unauthorized"),))
FORBIDDEN = Expected(403, (Plain("Forbidden"),))
MALFORMED = Expected(400, (Plain("Bad Request"),))


def _told(*text: str) -> Expected:
    return Expected(200, (Said(EPHEMERAL, text),))


class RefusedRequests:
    """Makes them, each with a body of its own."""

    def __init__(self, slack: SlackDouble) -> None:
        """For the only endpoint of `slack`."""
        self._slack = slack
        app = slack.workspace.endpoint().app
        self._team, self._app = app.team_id.encode(), app.app_id.encode()
        self.kinds: Mapping[str, Callable[[int], Made]] = {
            "wrong signature": self._wrong_signature,
            "changed body": self._changed_body,
            "no signature": self._no_signature,
            "stale or early": self._stale,
            "another team": self._another_team,
            "another app": self._another_app,
            "foreign response_url": self._foreign_response_url,
            "malformed form": self._malformed,
            "unknown command": self._unknown_command,
            "help": self._help,
            "not allowed": self._not_allowed,
            "text too many": self._usage,
            "ssl_check": self._ssl_check,
        }
        """By name; each takes a number that is another one each time."""

    def _form(self, line: str) -> bytes:
        return self._slack.form(line)

    def _signed(self, body: bytes) -> SignedRequest:
        return self._slack.sign(body)

    def _wrong_signature(self, number: int) -> Made:
        request = self._signed(self._form(f"/note wrong {number}"))
        request.headers["X-Slack-Signature"] = "v0=" + f"{number:064x}"
        return request, UNAUTHORIZED

    def _changed_body(self, number: int) -> Made:
        body = self._form(f"/note changed {number}")
        headers = self._signed(body).headers
        changed = self._signed(body.replace(b"changed", b"chanGed"))
        changed.headers.update(headers)
        return changed, UNAUTHORIZED

    def _no_signature(self, number: int) -> Made:
        request = self._signed(self._form(f"/note unsigned {number}"))
        del request.headers["X-Slack-Signature"]
        return request, UNAUTHORIZED

    def _stale(self, number: int) -> Made:
        moment = int(time.time()) + STALE_SECONDS[number % len(STALE_SECONDS)]
        return self._slack.sign(self._form(f"/note stale {number}"), timestamp=str(moment)), UNAUTHORIZED

    def _another_team(self, number: int) -> Made:
        body = self._form(f"/note elsewhere {number}").replace(b"team_id=" + self._team, b"team_id=T0ELSEWHERE")
        return self._signed(body), FORBIDDEN

    def _another_app(self, number: int) -> Made:
        body = self._form(f"/note otherwise {number}").replace(b"api_app_id=" + self._app, b"api_app_id=A0OTHER")
        return self._signed(body), FORBIDDEN

    def _foreign_response_url(self, number: int) -> Made:
        body = self._form(f"/note astray {number}").replace(b"hooks.slack.com", b"hooks.example.com")
        return self._signed(body), FORBIDDEN

    def _malformed(self, number: int) -> Made:
        genuine = self._form(f"/note malformed {number}")
        bodies = (
            b"",
            b"%d" % number,
            b'{"command": "/note", "text": "%d"}' % number,
            genuine.replace(b"command=", b"commando="),
            genuine + b"&command=%2Fsecret",
            genuine + b"&more=%FF",
            genuine + b"&more=%00",
            genuine.replace(b"user_id=U", b"user_id=%3CU"),
            genuine + b"".join(b"&f%d=" % each for each in range(200)),
        )
        return self._signed(bodies[number % len(bodies)]), MALFORMED

    def _unknown_command(self, number: int) -> Made:
        lines = (f"/notes {number}", f"/ops sing {number}", f"/Note {number}")
        return self._signed(self._form(lines[number % len(lines)])), _told("Unknown command")

    def _help(self, number: int) -> Made:
        line = ("/note help", "/ops", "/ops help", "/census HELP")[number % 4]
        return self._signed(self._form(line)), _told("What you can run here", "/ops sign")

    def _not_allowed(self, number: int) -> Made:
        return self._signed(self._form(f"/secret {number}")), _told("`/secret` was not run", "C0ELSEWHERE")

    def _usage(self, number: int) -> Made:
        return self._signed(self._form(f"/census {number}")), _told("`/census` takes nothing after it")

    def _ssl_check(self, number: int) -> Made:
        request = self._signed(b"ssl_check=1&token=%d" % number)
        del request.headers["X-Slack-Signature"]
        return request, Expected(200, (Plain(""),))
