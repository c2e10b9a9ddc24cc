"""What a distribution logs of a request: a JSON object in a log group, at once instead of minutes later.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING
from urllib.parse import quote

from chatops_local.ministack.cloudfront.log_delivery import HOME
from chatops_local.ministack.private import private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.edge.viewer import Viewer
    from chatops_local.ministack.cloudfront.distributions import Distribution
    from chatops_local.ministack.cloudfront.log_delivery import LogDelivery

_log_groups = private("services.cloudwatch_logs:_log_groups")
_create_log_stream = private("services.cloudwatch_logs:_create_log_stream", "data")
_put_log_events = private("services.cloudwatch_logs:_put_log_events", "data")
_request_scope = private("core.responses:request_scope", "account_id, region")

_UNKNOWN = "-"
_RESULTS = ((400, "Error"), (300, "Redirect"), (0, "Miss"))


@dataclass(frozen=True)
class Exchange:
    """One request and its answer.

    Args:
        viewer: who asked.
        method: how.
        path: for what.
        query: with which arguments.
        request_headers: their names in small letters.
        status: the code of the answer.
        response_headers: the answer's.
        size: how many bytes the answer's body has.
        seconds: how long it took.
    """

    viewer: Viewer
    method: str
    path: str
    query: str
    request_headers: Mapping[str, str]
    status: int
    response_headers: Mapping[str, object]
    size: int
    seconds: float


def write(delivery: LogDelivery, distribution: Distribution, exchange: Exchange) -> None:
    """Log a request wherever the distribution's logs are delivered."""
    for each in delivery.of(distribution.arn):
        record = _record(exchange)
        chosen = {name: record.get(name, _UNKNOWN) for name in each.fields or record}
        with _request_scope.get()(delivery.account, HOME):
            _put(each.log_group, f"CloudFront_{distribution.record['Id']}", json.dumps(chosen))


def _record(exchange: Exchange) -> dict[str, str]:
    now = datetime.now(timezone.utc)
    sent = exchange.request_headers
    answered = {name.lower(): str(value) for name, value in exchange.response_headers.items()}
    result = next(name for least, name in _RESULTS if exchange.status >= least)
    return {
        "date": f"{now:%Y-%m-%d}",
        "time": f"{now:%H:%M:%S}",
        "x-edge-location": answered.get("x-amz-cf-pop", _UNKNOWN),
        "sc-bytes": str(exchange.size),
        "c-ip": exchange.viewer.address,
        "c-port": str(exchange.viewer.port),
        "cs-method": exchange.method,
        "cs-uri-stem": exchange.path,
        "cs-uri-query": exchange.query or _UNKNOWN,
        "sc-status": str(exchange.status),
        "cs(Referer)": quote(sent.get("referer", _UNKNOWN)),
        "cs(User-Agent)": quote(sent.get("user-agent", _UNKNOWN)),
        "cs(Cookie)": _UNKNOWN,
        "x-edge-result-type": result,
        "x-edge-response-result-type": result,
        "x-edge-detailed-result-type": result,
        "x-edge-request-id": answered.get("x-amz-cf-id", _UNKNOWN),
        "x-host-header": sent.get("host", _UNKNOWN),
        "x-forwarded-for": sent.get("x-forwarded-for", _UNKNOWN),
        "cs-protocol": exchange.viewer.scheme,
        "cs-protocol-version": "HTTP/1.1",
        "time-taken": f"{exchange.seconds:.3f}",
        "sc-content-type": answered.get("content-type", _UNKNOWN),
        "ssl-protocol": "TLSv1.3" if exchange.viewer.scheme == "https" else _UNKNOWN,
    }


def _put(group: str, stream: str, message: str) -> None:
    found = _log_groups.get().get(group)
    if found is None:
        return  # It was deleted; on AWS nobody is told of that either.
    if stream not in found["streams"]:
        _create_log_stream.get()({"logGroupName": group, "logStreamName": stream})
    event = {"timestamp": int(time.time() * 1000), "message": message}
    _put_log_events.get()({"logGroupName": group, "logStreamName": stream, "logEvents": [event]})
