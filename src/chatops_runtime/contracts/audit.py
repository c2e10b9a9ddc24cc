"""The audit line: one JSON object per command in the endpoint's audit log, written by a state machine.

    {
      "version": 1,
      "event": "command",
      "id": "<the execution's name>",
      "execution_arn": "arn:aws:states:…",            not of a command that was refused: it has no execution
      "command": "/ops restart", "text": "web",       what was typed
      "arguments": {"service": "web"},                and what it means; not of a command that dispatch refused
      "team_id": "T…", "channel_id": "C…", "channel_name": "ops", "user_id": "U…", "user_name": "taro",
      "started_at": "2026-11-22T01:03:50.123Z", "ended_at": "2026-11-22T01:03:58.456Z",
      "approved_by": ["U…"],                          empty if nobody had to; not there, but in the execution's
                                                      history, if another machine tells how it was ended
      "outcome": "succeeded" | "bad_result" | "failed" | "aborted" | "timed_out" | "refused"
               | "denied" | "expired" | "cancelled" | "busy" | "changed",
      "error": "Ssm.AccessDeniedException",           of what failed, was aborted or timed out; may be empty
      "reason": "not_allowed" | "switched_off"        of what was refused: the outcome in dispatch's log line
      "by": ["U…"]                                    who denied or cancelled it, or whose command was running
    }

`bad_result`: the action came to its end, with a bad result, such as a script that exits with 1. `failed`: it did not.
Nothing was run of what was `denied` or `expired`, found another one running (`busy`), or would have run something else
than what was approved (`changed`). What was `cancelled` may have run for a while. `refused` with an `execution_arn` was
refused by that execution, since dispatch could not know it.

The line of a refused command is written by a state machine of its own, which dispatch starts under the request's name
with

    {"version": 1, "id": "<the name>", "reason": "not_allowed", "request": {…}}      chatops_runtime.contracts.request
                                                                                     needs no response_url here
"""

from __future__ import annotations

VERSION = 1

EVENT = "command"

SUCCEEDED = "succeeded"
BAD_RESULT = "bad_result"
FAILED = "failed"
ABORTED = "aborted"
TIMED_OUT = "timed_out"
REFUSED = "refused"
DENIED = "denied"
EXPIRED = "expired"
CANCELLED = "cancelled"
BUSY = "busy"
CHANGED = "changed"

OF_THE_REQUEST = ("command", "text", "team_id", "channel_id", "channel_name", "user_id", "user_name")
"""What a line has of the request as it is, texts all of them."""

ARGUMENTS = "arguments"
"""What it has of the request beside them, unless dispatch refused the command."""
