"""A throttled fan-out: a producer publishes jobs, a plain Python function does each of them once.

    from chatops_runtime import Job

    def call(job: Job) -> None:
        requests.get(f"https://api.example.com/users/{job.body['user']}").raise_for_status()

The Lambda function's handler is `chatops_runtime.fan_out.handler`; the environment variable `CHATOPS_HANDLER` names the
function. What it raises is a job that failed, and is tried again.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from chatops_runtime.fan_out.client import FanOut, NotPublishedError
    from chatops_runtime.fan_out.invocation import handler
    from chatops_runtime.fan_out.job import Job
else:
    # A producer needs nothing of the consumer, nor the other way round.
    _HOMES = {
        "FanOut": "chatops_runtime.fan_out.client",
        "Job": "chatops_runtime.fan_out.job",
        "NotPublishedError": "chatops_runtime.fan_out.client",
        "handler": "chatops_runtime.fan_out.invocation",
    }

    def __getattr__(name):  # noqa: ANN001, ANN202 - type checkers read the other branch
        """Load what is asked for (https://peps.python.org/pep-0562/)."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module  # noqa: PLC0415

        return getattr(import_module(_HOMES[name]), name)


__all__ = ["FanOut", "Job", "NotPublishedError", "handler"]
