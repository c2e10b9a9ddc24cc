"""What functions print goes to their log groups, as far as their roles allow it."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING
from uuid import uuid4

from chatops_local.ministack.functions import embedded_metrics
from chatops_local.ministack.permissions.authorization import Access, Principal, first_denial
from chatops_local.ministack.private import private

if TYPE_CHECKING:
    from collections.abc import Sequence

_log_groups = private("services.cloudwatch_logs:_log_groups")
_create_log_group = private("services.cloudwatch_logs:_create_log_group", "data")
_create_log_stream = private("services.cloudwatch_logs:_create_log_stream", "data")
_put_log_events = private("services.cloudwatch_logs:_put_log_events", "data")

_log = logging.getLogger(__name__)
_creating = threading.Lock()


def new_stream_name(version: str) -> str:
    """The name of a log stream: one per execution environment.

    https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html
    """
    return f"{datetime.now(timezone.utc):%Y/%m/%d}/[{version}]{uuid4().hex}"


@dataclass(frozen=True)
class LogStream:
    """Where a writer in the cloud puts its lines.

    Args:
        group: the log group.
        stream: the stream in it.
        writer: whose rights count.
    """

    group: str
    stream: str
    writer: Principal

    def write(self, lines: Sequence[str]) -> str | None:
        """Write lines, all with the present time, and publish the metrics that are in them.

        On AWS, lines that a role may not write are lost and the function is none the wiser. Here they are lost too,
        with a warning in the emulator's log.

        Returns:
            Why nothing was written; None if it was.
        """
        refusal = self._prepare() or self._denial("logs:PutLogEvents", f"log-stream:{self.stream}")
        if refusal is not None:
            _log.warning("%d log lines are lost: %s", len(lines), refusal)
            return refusal
        now = int(time.time() * 1000)
        # CloudWatch refuses an empty message, and Lambda logs an empty line as a blank.
        events = [{"timestamp": now, "message": line or " "} for line in lines]
        _put_log_events.get()({"logGroupName": self.group, "logStreamName": self.stream, "logEvents": events})
        embedded_metrics.publish(lines, self.writer.account, self.writer.region)
        return None

    def _prepare(self) -> str | None:
        with _creating:
            groups = _log_groups.get()
            if self.group not in groups:
                denial = self._denial("logs:CreateLogGroup", "*")
                if denial is not None:
                    return denial
                _create_log_group.get()({"logGroupName": self.group})
            if self.stream not in groups[self.group]["streams"]:
                denial = self._denial("logs:CreateLogStream", f"log-stream:{self.stream}")
                if denial is not None:
                    return denial
                _create_log_stream.get()({"logGroupName": self.group, "logStreamName": self.stream})
        return None

    def _denial(self, action: str, within_group: str) -> str | None:
        group_arn = f"arn:aws:logs:{self.writer.region}:{self.writer.account}:log-group:{self.group}"
        return first_denial(self.writer, [Access(action, f"{group_arn}:{within_group}")])
