"""What a bot's function receives: one of these, by `kind`.

A scheduled time of a `ScheduledSlackBot`, or a run of it that somebody started by hand:

    {"version": 1, "kind": "scheduled",
     "bot": "Ops/Standup",                       the construct's path
     "scheduled_at": "2026-11-22T02:00:00Z",     empty: started by hand
     "started_at": "2026-11-22T02:00:01.123Z",   the execution's StartTime
     "time_zone": "Asia/Tokyo",                  of the schedule; "Etc/UTC" if it names none
     "channel_id": "C…",                         where the answer is posted
     "request_id": "<execution name>"}           the same however often the scheduled time is delivered

An event of Slack's Events API that an endpoint has a function for:

    {"version": 1, "kind": "event",
     "event_type": "app_mention", "event": {…},  Slack's inner event, without secrets; of one that is very long, without
                                                 its blocks and attachments
     "event_id": "Ev…", "event_time": 1767603600,
     "team_id": "T…", "user_id": "U…", "channel_id": "C…",     the last two empty if it is of nobody, or nowhere
     "text": "<@U…> hello",                      of a message; else empty
     "ts": "1763773430.000100",                  of the message that it is, or is about; else empty
     "thread_ts": "",                            of the message whose thread that one is in; else empty
     "request_id": "Ev…"}

An interaction, with a control that is not ours, a shortcut or a modal:

    {"version": 1, "kind": "interaction",
     "type": "block_actions" | "shortcut" | "message_action" | "view_submission",
     "id": "deploy_now",                         its action_id, or its callback_id
     "value": "web",                             of a button, or what was chosen, if it is one thing; else empty
     "user_id": "U…", "channel_id": "", "team_id": "T…",       channel_id is empty if it is nowhere
     "payload": {…},                             Slack's, without secrets
     "request_id": "<execution name>"}

It answers what `chatops_runtime.contracts.reply` says; `null` is nothing to say.
"""

VERSION = 1

SCHEDULED = "scheduled"
EVENT = "event"
INTERACTION = "interaction"
