"""Functions of bots that leave a line for each run."""

from chatops_runtime import ScheduledRun


def announce(run: ScheduledRun) -> str:
    """What everybody waits for."""
    print(f"RAN {run.request_id}", flush=True)  # noqa: T201 - the log is where runs are counted
    return "the result of a function"


def complain(run: ScheduledRun) -> str:
    """No answer at all."""
    print(f"RAN {run.request_id}", flush=True)  # noqa: T201 - the log is where runs are counted
    raise LookupError("no such thing")
