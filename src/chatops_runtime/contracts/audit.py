"""The audit line: one JSON object per command in the endpoint's audit log, written by a state machine.

    {
      "version": 1,
      "event": "command",
      "id": "<the execution's name>",
      "execution_arn": "arn:aws:states:…",            not of a command that was refused: it has no execution
      "command": "/ops restart", "text": "web",       what was typed
      "team_id": "T…", "channel_id": "C…", "channel_name": "ops", "user_id": "U…", "user_name": "taro",
      "started_at": "2026-11-22T01:03:50.123Z", "ended_at": "2026-11-22T01:03:58.456Z",
      "approved_by": [],
      "outcome": "succeeded" | "bad_result" | "failed" | "aborted" | "timed_out" | "refused",
      "error": "Ssm.AccessDeniedException",           of what failed, was aborted or timed out; may be empty
      "reason": "not_allowed" | "switched_off"        of what was refused: the outcome in dispatch's log line
    }

`bad_result`: the action came to its end, with a bad result, such as a script that exits with 1. `failed`: it did not.

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

OF_THE_REQUEST = ("command", "text", "team_id", "channel_id", "channel_name", "user_id", "user_name")
"""What a line has of the request: all of it but what is secret or says the same again."""
