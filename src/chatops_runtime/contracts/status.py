"""What the status function is asked for, beside the fields of `chatops_runtime.contracts.reply`, which it answers too.

{…, "view": "status",  "arguments": {}}
{…, "view": "history", "arguments": {"command": "/ps", "since": 10800}}     both may be absent
"""

from __future__ import annotations

STATUS = "status"
HISTORY = "history"

COMMAND = "command"
SINCE = "since"

MOST_SHOWN = 20
"""Of executions in one answer."""

WAITS_FOR_APPROVAL = "Wait for the approval"
WAITS_FOR_CONFIRMATION = "Wait for the confirmation"
"""The states in which a command waits for somebody."""
