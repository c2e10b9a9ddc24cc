"""What a command's state machine hands to the report function, and the results that actions may give.

    {
      "version": 1,
      "id": "<the execution's name>",
      "started_at": "2026-11-22T01:03:50.123Z",      the execution's StartTime
      "visible": "channel",
      "request": {…}                                  chatops_runtime.contracts.request
      "outcome": {"status": "finished", "result": {"kind": "run_command", "ok": true, …}}
               | {"status": "failed", "error": "Ssm.AccessDeniedException", "cause": "…"}
    }

`finished` means that the action came to a verdict, which may be a bad one (`ok` false: a script exited with 1).
`failed` means that it did not: a state of the machine raised `error`.

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
"""

from __future__ import annotations

VERSION = 1

FINISHED = "finished"
FAILED = "failed"

RUN_COMMAND = "run_command"
REPLY = "reply"
