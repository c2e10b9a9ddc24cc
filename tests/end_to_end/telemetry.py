"""What Step Functions asks for when a machine is created or updated, in the policy that machines share."""

from __future__ import annotations

DELIVER_LOGS = [
    f"logs:{action}"
    for action in (
        "CreateLogDelivery",
        "GetLogDelivery",
        "UpdateLogDelivery",
        "DeleteLogDelivery",
        "ListLogDeliveries",
        "PutResourcePolicy",
        "DescribeResourcePolicies",
        "DescribeLogGroups",
    )
]
DELIVER_TRACES = [
    f"xray:{action}" for action in ("PutTraceSegments", "PutTelemetryRecords", "GetSamplingRules", "GetSamplingTargets")
]
