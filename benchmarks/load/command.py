"""One genuine command: what was typed, how often it was delivered, and what came back."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from benchmarks.load.answers import EPHEMERAL, IN_CHANNEL, Expected, Said

if TYPE_CHECKING:
    from chatops_local.slack import SignedRequest

SHORT_ID = 10


@dataclass(frozen=True)
class Typed:
    """One kind of genuine command.

    Attributes:
        kind: Its name in the tables.
        command: The command, with its sub-command.
        audience: Who sees the acknowledgement.
        result: What the result says, before the text that was typed.
    """

    kind: str
    command: str
    audience: str
    result: str


FUNCTION = Typed("function", "/note", IN_CHANNEL, "noted")
SUB_COMMAND = Typed("sub-command", "/ops note", EPHEMERAL, "noted")
SCRIPT = Typed("script", "/ops sign", EPHEMERAL, "signed")


@dataclass
class Command:
    """One that somebody has typed. Its body is like no other one's.

    Attributes:
        typed: Which kind it is.
        request: The signed request: delivered again, it is a redelivery.
        text: What was typed after the command.
        made_at: When it was signed, on the monotonic clock.
        accepted: Whether an answer said that it runs, or that it was received already.
        results: What was said in Slack after that.
        told_at: When the first of these came.
    """

    typed: Typed
    request: SignedRequest = field(repr=False)
    text: str
    made_at: float = field(default_factory=time.monotonic)
    accepted: bool = False
    results: list[str] = field(default_factory=list)
    told_at: float | None = None

    @property
    def name(self) -> str:
        """Its execution's name: the hash of the body, so that the same request starts nothing a second time."""
        return hashlib.sha256(self.request.body).hexdigest()

    @property
    def response_url(self) -> str:
        """Where its result is posted to."""
        return parse_qs(self.request.body.decode())["response_url"][0]

    @property
    def result(self) -> str:
        """What the one result says."""
        return f"{self.typed.result} {self.text}"

    @property
    def runs(self) -> Said:
        """The acknowledgement."""
        return Said(self.typed.audience, (f"Running `{self.typed.command}`", self.name[:SHORT_ID]))

    @property
    def received(self) -> Said:
        """The answer to a redelivery."""
        return Said(EPHEMERAL, (f"`{self.typed.command}` was already received", self.name[:SHORT_ID]))

    @property
    def acknowledged(self) -> Expected:
        """The right answer if it is delivered once so far."""
        return Expected(200, (self.runs,))

    @property
    def acknowledged_beside_another(self) -> Expected:
        """The right answer if it may be delivered twice at the same time.

        While the execution runs, StartExecution answers the same call like the first one:
        https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
        """
        return Expected(200, (self.runs, self.received))

    @property
    def redelivered(self) -> Expected:
        """The right answer long after its execution."""
        return Expected(200, (self.received,))
