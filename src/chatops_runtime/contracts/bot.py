"""What a bot's function receives: one of these, by `kind`.

A scheduled time of a `ScheduledSlackBot`, or a run of it that somebody started by hand:

    {"version": 1, "kind": "scheduled",
     "bot": "Ops/Standup",                       the construct's path
     "scheduled_at": "2026-11-22T02:00:00Z",     empty: started by hand
     "started_at": "2026-11-22T02:00:01.123Z",   the execution's StartTime
     "time_zone": "Asia/Tokyo",                  of the schedule
     "channel_id": "C…",                         where the answer is posted
     "request_id": "<execution name>"}           the same however often the scheduled time is delivered

It answers what `chatops_runtime.contracts.reply` says; `null` is nothing to say.
"""

VERSION = 1

SCHEDULED = "scheduled"
