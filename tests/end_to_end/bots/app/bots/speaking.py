"""Functions of bots that behave in every way that the tests ask for."""

import json
import os
import time

from chatops_runtime import Reply, ScheduledRun, escape


def clock(run: ScheduledRun) -> str:
    """What time it is there."""
    return f"{run.bot} {run.local_time:%A %H:%M}"


def told(run: ScheduledRun) -> str:
    """Everything that it was called with."""
    return json.dumps({"at": str(run.scheduled_at), "zone": run.time_zone, "id": run.request_id, "in": run.channel_id})


def markup(run: ScheduledRun) -> Reply:
    """Slack's own markup, with somebody else's text in it."""
    return Reply(mrkdwn=f"*{run.local_time:%A}* {escape('<!channel> & <https://example.com|click>')}")


def blocks(run: ScheduledRun) -> Reply:
    """Blocks, with a text for notifications."""
    return Reply("a line", blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": f"*{run.time_zone}*"}}])


def long(run: ScheduledRun) -> str:
    """More than one message takes."""
    return "\n".join(f"{number} {run.time_zone} <!here>" for number in range(700))


def nothing(run: ScheduledRun) -> None:
    """Nothing to say."""


def raising(run: ScheduledRun) -> str:
    """What everybody's functions do one day."""
    raise LookupError(f"no <!channel> for {run.bot} ü")


def out_of_time(run: ScheduledRun) -> str:
    """Longer than it may take."""
    time.sleep(60)
    return "late"


def crashing(run: ScheduledRun) -> str:
    """Ends the process."""
    os._exit(3)


def bad_blocks(run: ScheduledRun) -> Reply:
    """Slack does not know them."""
    return Reply("x", blocks=[{"type": "hologram"}])
