"""Reminds of the standup."""

from chatops_runtime import Reply, ScheduledRun


def remind(run: ScheduledRun) -> Reply:
    """A line for the channel."""
    return Reply(f"Standup, it is {run.local_time:%A}. What stands in your way?")
