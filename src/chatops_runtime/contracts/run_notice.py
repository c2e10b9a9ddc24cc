"""What a scheduled run, of a script or of a bot, tells its topics: read by people in a mail, and by functions as JSON.

It is published with `MessageStructure: json`, so that every kind of subscription gets what it can read: `sqs` and
`lambda` get the JSON below, `sms` the subject, everything else (`email` above all) the text. Once more for `http` and
`https`, and the longest notices would not fit into a message of 262,144 bytes.

    {
      "version": 1,
      "kind": "scheduled_run",
      "outcome": "succeeded" | "failed" | "error" | "skipped" | "ended" | "alarm",
      "task": "Ops/NightlyBatch",                    the construct's path
      "subject": "NightlyBatch failed on 1 of 3 instances",   one line, plain text
      "text": "…",                                   for people, several lines, plain text
      "execution": "arn:aws:states:…" | "",          empty: no execution, such as for an alarm
      "id": "<the execution's name>" | "",
      "scheduled_at": "2026-11-22T02:00:00Z" | "",   empty: started by hand
      "started_at": "2026-11-22T02:00:01.123Z" | "",
      "region": "us-east-1",

      "result": {…}                                  succeeded, failed: chatops_runtime.contracts.report, "run_command",
                                                     with the end of the output of the first instances that failed
      "error": "Ssm.AccessDeniedException", "cause": "…"   error: a state raised this, nothing is known of the script;
                                                     ended: TIMED_OUT or ABORTED, or what no state can catch
      "other": "<name of the execution that is under way>"     skipped: because of that one
      "alarm": "<name>", "reason": "…"               alarm: not started, or no success for too long
    }

`failed` means that the script ran, or had nowhere to run, and the verdict is bad. Of a bot there are `error`, `ended`
and `alarm`.
"""

VERSION = 1

KIND = "scheduled_run"

SUCCEEDED = "succeeded"
FAILED = "failed"
ERROR = "error"
SKIPPED = "skipped"
ENDED = "ended"
ALARM = "alarm"
