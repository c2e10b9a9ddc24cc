"""The metrics of an endpoint for slash commands: what its functions write into their logs, and what alarms look at.

They are embedded in lines of the log, so that no call of AWS is needed for them. All have the dimension `Endpoint`: the
endpoint's physical name, which the functions get as `chatops_runtime.contracts.environment.ENDPOINT`.
"""

NAMESPACE = "ChatOpsConstructs/SlackCommandEndpoint"

DIMENSION = "Endpoint"

REASON_DIMENSION = "Reason"
"""Beside `Endpoint`, of `REFUSED` only, which has it as well as not: the outcome in dispatch's log line."""

RECEIVED = "Received"
"""Every request, whatever became of it: a 1 each."""

REFUSED = "Refused"
"""Every request that was refused, with an HTTP status or with a message instead of a command's result: a 1 each."""

STARTED = "Started"
"""Every command of which an execution was started: a 1 each."""

ACK_TIME = "AckTime"
"""Of every request: milliseconds from the invocation's start to its answer."""

SUCCEEDED = "Succeeded"
"""Every command with a good result: a 1 each, when its result is delivered for the first time."""

FAILED = "Failed"
"""Every command with a bad result, or with none: a 1 each, at the same moment.

What people declined, denied or cancelled is neither this nor `SUCCEEDED`.
"""

NOT_AUDITED = "NotAudited"
"""Every refusal whose audit line could not be commissioned: a 1 each."""
