"""Who is on duty."""

import os

from chatops_runtime import Reply, ScheduledRun, escape


def announce(run: ScheduledRun) -> Reply | None:
    """A heading and a line; nothing on days when nobody is on duty."""
    rota = os.environ["ROTA"].split()
    on_duty = rota[run.local_time.toordinal() % len(rota)]
    if on_duty == "-":
        return None
    heading = f"On duty {run.local_time:%A, %d %B}"
    return Reply(
        heading,
        blocks=[
            {"type": "header", "text": {"type": "plain_text", "text": heading}},
            {"type": "section", "text": {"type": "mrkdwn", "text": f"*{escape(on_duty)}* has the pager until nine."}},
        ],
    )
