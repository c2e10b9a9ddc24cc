"""How decide answers a question, how it cancels, and what it answers its own machine.

The state that waits (`chatops_runtime.contracts.asking`) takes these outputs and no other; a signal that something is
over (`kind` `signal`) is no answer:

    {"kind": "approval", "decision": "approved" | "denied" | "cancelled", "by": "U…"}
    {"kind": "confirm", "decision": "confirmed" | "declined" | "cancelled", "by": "U…"}
    {"kind": "choice", "decision": "chosen", "by": "U…",
     "arguments": {…},                  the request's, with what was chosen
     "script_environment": "Q0hB…"}     of these arguments
    {"kind": "instances", "decision": "chosen", "by": "U…", "values": ["i-…"]}
    {"kind": "choice" | "instances", "decision": "cancelled", "by": "U…"}

`kind` is the question's. `cancelled` is said by who asked for the command: by denying what they asked for themselves,
or by the Cancel button while the question is open. A command that is under way instead is ended by StopExecution, with
the error that `chatops_runtime.contracts.report` has for that and the id of the user as its cause; unless its result is
being told already, in `AUDIT_STATE` or `REPORT_STATE`.

What decide answers its machine is what became of the click: `{"outcome": "approved"}`, a decision as above, `expired`,
or one of the other names below. It has been told by then.
"""

from __future__ import annotations

NOT_ALLOWED = "not_allowed"
"""Who clicked may not do that, or nobody could say whether they may; the question is still open."""

COUNTED_ALREADY = "counted_already"
"""Who clicked has approved before; the question is still open."""

SWITCHED_OFF = "switched_off"
"""Commands are switched off; the question is still open."""

UNFIT = "unfit"
"""Nothing was chosen, too much, or what is not offered; the question is still open."""

DECIDED_ALREADY = "decided_already"
"""The question has its answer."""

OVER = "over"
"""The command is over."""

UNKNOWN = "unknown"
"""The control belongs to no command or no question of this endpoint."""

AUDIT_STATE = "Audit"
REPORT_STATE = "Report"
"""The states of a command's machine behind its action. Stopped there, its result would be lost, and audited twice."""
