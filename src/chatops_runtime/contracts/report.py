"""What a state machine hands to the report function, what that answers, and the results that actions may give.

    {
      "version": 2,
      "id": "<the execution's name>",
      "execution_arn": "arn:aws:states:…",
      "started_at": "2026-11-22T01:03:50.123Z",      the execution's StartTime
      "request": {…},                                 chatops_runtime.contracts.request
      "outcome": {"status": "finished", "result": {"kind": "run_command", "ok": true, …}}
               | {"status": "failed", "error": "Ssm.AccessDeniedException", "cause": "…"}
               | {"status": "ended", "ended": "ABORTED" | "TIMED_OUT" | "FAILED", "error": "", "cause": ""},
      "approved_by": ["U…"],                          absent: nobody had to
      "used": 0,                                      of the response_url's five uses, what questions took; absent: none
      "said": 0,                                      what earlier invocations delivered: their answers' `said`
      "tries": 0                                      how many earlier invocations there were
    }

`finished` means that the action came to a verdict, which may be a bad one (`ok` false: a script exited with 1).
`failed` means that it did not: a state of the machine raised `error`.
`ended` means that no state could catch what ended the execution; another machine tells of it. With the error
`CANCELLED_ERROR` the cause is the id of the user who cancelled it.

An event that has an `event` is none of these, but of `chatops_runtime.contracts.asking`.

The answer:

    {"done": true, "said": 1, "delivered_by": "response_url"}
    {"done": false, "said": 0, "retry_after": 30, "detail": "Slack … HTTP 503"}

`done` is false when Slack is busy or away: invoke again in `retry_after` seconds (1 to 300) with this `said` and one
more in `tries`, so that nothing is said twice.

What can never be delivered is an error of the function.

Results by `kind`:

    {"kind": "run_command", "ok": false,
     "targets": "Role=web",                           how the user named the targets
     "run_on": "ALL" | "ANY_ONE",
     "success_if": "all",                             on how many of those it ran on it has to succeed, in words
     "min_targets": 1,                                how many had to be online
     "succeeded": 2,                                  on how many it did
     "command_id": "…" | null,                        null: nothing was sent
     "command_status": "NoInstancesInTag" | "",       the command's own StatusDetails, with ALL
     "timeout_seconds": 600, "delivery_timeout_seconds": 60,
     "log_group": "/aws/ssm/…" | null,                where the whole output is, streams COMMAND/INSTANCE/…/stdout
     "given_up": false,                               true: not over at the deadline, cancelled
     "instances": [{"instance_id": "i-…", "name": "web-1", "status": "Success" (StatusDetails), "exit_code": 0,
                    "stdout": "…", "stderr": "…", "stdout_cut": false, "stderr_cut": false}],
     "online": 3,                                     how many were
     "offline": [{"instance_id": "i-…", "name": "web-2", "status": "ConnectionLost"}]}

    {"kind": "reply", "ok": true, "reply": …}         a function's answer, see chatops_runtime.contracts.reply

    {"kind": "workflow", "ok": false,                 an execution of a state machine of the user's
     "status": "FAILED",                              how it ended, as DescribeExecution says it
     "execution_arn": "arn:aws:states:…",
     "output": …,                                     any JSON; null without one
     "output_cut": false,                             true: the output is the beginning of its text
     "error": "", "cause": ""}                        with the error GIVEN_UP_ERROR it was not over in time, and stopped

    {"kind": "log_search", "ok": true, …}             lines of logs, see chatops_runtime.contracts.log_search

    {"kind": "declined", "ok": false,                 nothing was run
     "reason": "denied",                              a word of DECLINED_REASONS
     "by": ["U…"],                                    who denied or cancelled it, or whose command is running
     "detail": ""}                                    not_allowed, slack_unavailable: who may, in Slack's markup
                                                      busy: since when the other one runs, "2026-11-22T01:03:50Z"
                                                      changed: what did, in plain words
"""

from __future__ import annotations

VERSION = 2

FINISHED = "finished"
FAILED = "failed"
ENDED = "ended"

ABORTED = "ABORTED"
TIMED_OUT = "TIMED_OUT"

CANCELLED_ERROR = "ChatOps.Cancelled"
"""With this error an execution is stopped that a user cancels."""

GIVEN_UP_ERROR = "ChatOps.TimedOut"
"""With this error a workflow is stopped that is not over in time."""

RUN_COMMAND = "run_command"
REPLY = "reply"
WORKFLOW = "workflow"
DECLINED = "declined"

NOT_ALLOWED = "not_allowed"
SLACK_UNAVAILABLE = "slack_unavailable"
DENIED = "denied"
EXPIRED = "expired"
CANCELLED = "cancelled"
BUSY = "busy"
CHANGED = "changed"

DECLINED_REASONS = frozenset({NOT_ALLOWED, SLACK_UNAVAILABLE, DENIED, EXPIRED, CANCELLED, BUSY, CHANGED})
"""Why nothing was run: the user may not, or nobody could find out; somebody denied, or nobody answered
in time; the user withdrew it; another one was running; what would have run is not what was approved."""

MOST_RETRY_AFTER = 300
"""Seconds: no answer asks for a longer pause."""
