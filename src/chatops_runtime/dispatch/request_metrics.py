"""The metrics in the log line about a request."""

from __future__ import annotations

from chatops_runtime.contracts import endpoint_metrics as names
from chatops_runtime.contracts import request_log
from chatops_runtime.embedded_metrics import COUNT, MILLISECONDS, directive, marked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from chatops_runtime.dispatch.answer import Answer

_OF_ENDPOINT = [names.DIMENSION]


def facts(endpoint: str, answer: Answer, milliseconds: int, now: float, *, audited: bool) -> dict[str, object]:
    """The facts that are metrics.

    Args:
        endpoint: The endpoint's physical name.
        answer: What became of the request.
        milliseconds: How long that took.
        now: Unix time in seconds.
        audited: Whether a refusal's audit line was commissioned, if there is one.
    """
    counted = {names.RECEIVED: 1}
    if answer.outcome == request_log.STARTED:
        counted[names.STARTED] = 1
    if not audited:
        counted[names.NOT_AUDITED] = 1
    units = {**dict.fromkeys(counted, COUNT), names.ACK_TIME: MILLISECONDS}
    directives = [directive(units, namespace=names.NAMESPACE, dimensions=[_OF_ENDPOINT])]
    if answer.status >= 400 or answer.outcome in request_log.NOT_RUN:
        counted[names.REFUSED] = 1
        directives.append(
            directive(
                {names.REFUSED: COUNT},
                namespace=names.NAMESPACE,
                dimensions=[_OF_ENDPOINT, [names.DIMENSION, names.REASON_DIMENSION]],
            )
        )
    return {
        **marked(*directives, now=now),
        names.DIMENSION: endpoint,
        names.REASON_DIMENSION: answer.outcome,
        names.ACK_TIME: milliseconds,
        **counted,
    }
