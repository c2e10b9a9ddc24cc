"""What the function of a maintenance switch is told, and what its table holds.

It is invoked with one of:

    {"version": 1, "kind": "timer"}                            every minute
    {"version": 1, "kind": "stack"}                            an update of its stack is over: the sets may be reset
    {"version": 1, "kind": "window", "window": "Sunday",       a planned window begins
     "scheduled_at": "2026-11-22T02:00:00Z", "seconds": 3600}
    {"version": 1, "kind": "order", "text": "on for 30m", "by": "release pipeline", "id": "…"}
                                                               by anybody who may invoke it; the id is optional
    {"version": 1, "command": "/maintenance", "text": "on for 30m", …}
                                                               by a command of Slack: chatops_runtime.contracts.reply

The last two are answered with a reply of that contract; the others with null.

The table holds one item, `{"id": "switch", "version": <number>, "state": "<JSON>"}`. It is the truth, which the IP sets
follow. The version is what writers agree by: each write is of the next version, under the condition that the version
is still the one that was read.

The function writes one line a minute in CloudWatch's embedded metric format, from which the two metrics come.
"""

VERSION = 1

TIMER = "timer"
STACK = "stack"
WINDOW = "window"
ORDER = "order"

KEY = "id"
ITEM = "switch"
ITEM_VERSION = "version"
STATE = "state"

NAMESPACE = "ChatOpsConstructs/Maintenance"
"""Of the metrics: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html"""

DIMENSION = "Switch"
METRIC_ON = "MaintenanceOn"
"""1 while the IP sets hold everybody, as far as the function knows; otherwise 0."""

METRIC_OVERDUE = "MaintenanceOverdue"
"""1 while the site is closed though it should be open, or closed for longer than planned; otherwise 0."""

SWITCH_NAME = "CHATOPS_MAINTENANCE_NAME"
"""The name of the switch: the value of the metrics' dimension."""

TABLE = "CHATOPS_MAINTENANCE_TABLE"
"""The name of the table."""

IP_SETS = "CHATOPS_MAINTENANCE_IP_SETS"
"""The pair of IP sets, as `chatops_runtime.contracts.ip_sets` writes it."""

LONGEST_PLANNED_SECONDS = "CHATOPS_MAINTENANCE_LONGEST_SECONDS"
"""After so many seconds a maintenance without an end is overdue."""

SHORTEST_SECONDS = 60
LONGEST_SECONDS = 86_400
"""Of `on for …`."""

LONGEST_REASON = 200
LONGEST_NAME = 80
"""Of whom `by` names, and of a window's name."""
