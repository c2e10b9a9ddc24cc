"""The log groups of the app of this folder, and the people who search them."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatops_local.cloud import LocalCloud
    from chatops_local.server import DeployedStack
    from chatops_local.slack import Message, SentCommand

ENDPOINT = "A0LOGS01"
MAIL = "/aws/lambda/mail"
REQUEST = "8f0c2d1e-1111-4222-8333-444455556666"
TRACE = "1-6734a1b2-0123456789abcdef01234567"
SECONDS = 60.0


class Archive:
    """The app, deployed, with lines in its logs."""

    def __init__(self, cloud: LocalCloud, stack: DeployedStack, now: int) -> None:
        self.cloud = cloud
        self._stack = stack
        self._logs = cloud.server.client("logs")
        self._now = now
        self._streams = (f"stream-{number}" for number in itertools.count())

    def name(self, logical_id: str) -> str:
        """The physical name of a log group of the stack."""
        ids = self._stack.physical_ids.items()
        return next(name for id, name in ids if id.startswith(logical_id) and "Role" not in id)

    def create(self, name: str) -> None:
        """Create a log group that belongs to somebody else."""
        self._logs.create_log_group(logGroupName=name)

    def write(self, name: str, *lines: tuple[float, str]) -> None:
        """Write lines, each with how many seconds ago it was, to a stream of their own."""
        stream = next(self._streams)
        self._logs.create_log_stream(logGroupName=name, logStreamName=stream)
        events = [{"timestamp": self._now - round(ago * 1000), "message": line} for ago, line in lines]
        self._logs.put_log_events(logGroupName=name, logStreamName=stream, logEvents=events)

    def fill(self) -> None:
        """One transaction across services, in two streams of one of them, and what has nothing to do with it."""
        orders, billing, payroll = (self.name(id) for id in ("Orders", "Billing", "Payroll"))
        self.write(orders, (600, f"START RequestId: {REQUEST} Root={TRACE}"), (590, "START RequestId: another"))
        self.write(orders, (595, f"{REQUEST} reads the order"), (580, f"[ERROR] {REQUEST} ValueError: no <such> order"))
        self.write(billing, (592, f"reserves for {TRACE}"), (591, "reserves for somebody else"))
        self.write(MAIL, (579, f"{REQUEST} tells <!channel>"), (30_000, f"{REQUEST} long ago"))
        self.write(payroll, (585, f"{REQUEST} salaries"))

    def calm(self) -> None:
        """Everything as on AWS again."""
        self.cloud.server.logs.pages()
        self.cloud.server.logs.slow_queries()
        self.cloud.server.logs.throttle("FilterLogEvents", 0)

    def type(self, line: str) -> SentCommand:
        """Type a command."""
        sent = self.cloud.slack.send(line, endpoint=ENDPOINT)
        assert sent.ack.ok, sent.ack
        return sent

    def messages(self, line: str) -> list[Message]:
        """What was said of it, once it is over."""
        sent = self.type(line)
        sent.wait(SECONDS)
        return list(sent.results)

    def said(self, line: str) -> str:
        """The one message in which everything is."""
        (message,) = self.messages(line)
        return message.shown
