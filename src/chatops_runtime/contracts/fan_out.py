"""A throttled fan-out: its messages, the variables of its functions, its table and its metrics.

A message, as SNS takes it and, delivered raw, the queue holds it:

    body        the job's body as JSON
    attributes  `key`: the idempotency key; the job's own; `tries`, only of one that was given back: how often it was
                tried before

A consumer in another language gets SQS's event with these records and answers `{"batchItemFailures": […]}`:
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
"""

KEY_ATTRIBUTE = "key"
TRIES_ATTRIBUTE = "tries"
RESERVED_ATTRIBUTES = (KEY_ATTRIBUTE, TRIES_ATTRIBUTE)

MOST_ATTRIBUTES = 8
"""Of a job's own: raw delivery takes ten, https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html."""

LONGEST_KEY = 256

TOPIC = "CHATOPS_FAN_OUT_TOPIC"
"""Of a producer: the ARN of the topic."""

NAME = "CHATOPS_FAN_OUT"
"""The fan-out's physical name: the value of its metrics' dimension."""

QUEUE_URL = "CHATOPS_FAN_OUT_QUEUE_URL"

TABLE = "CHATOPS_FAN_OUT_TABLE"
"""The name of the table. Absent: there is neither idempotency nor a rate."""

REMEMBERED_SECONDS = "CHATOPS_FAN_OUT_REMEMBERED_SECONDS"
"""For how long a job that is done is known. Absent: no job is."""

PER_SECOND = "CHATOPS_FAN_OUT_PER_SECOND"
"""How many jobs are begun in a second. Absent: as many as there are."""

LONGEST_JOB_SECONDS = "CHATOPS_FAN_OUT_LONGEST_JOB_SECONDS"
"""With less time than this left, no job is begun."""

RETRY_SECONDS = "CHATOPS_FAN_OUT_RETRY_SECONDS"
"""After how long a job is tried again that failed for the first time; twice as long each time."""

LONGEST_RETRY_SECONDS = "CHATOPS_FAN_OUT_LONGEST_RETRY_SECONDS"
"""The most of that."""

BOOKKEEPING_SECONDS = 1.0
"""Of an invocation, for what is written down after its last job."""

MARGIN = 1.02
"""So much further apart than the rate says jobs begin: what is between a slot and a job's call is not always the same,
and the rate is what the other side counts."""

TROUBLE_SECONDS = 60
"""After which a job comes anew that was not begun since the table could not be reached."""

TABLE_KEY = "id"
"""Of the table: `job:<key>`, with the following attributes, or `rate`, with `next_at` only."""

STATE = "state"
CLAIMED = "claimed"
DONE = "done"

LEASE_UNTIL = "lease_until"
"""Of a claimed job: Unix time in seconds from which on whoever claimed it has ended."""

OWNER = "owner"
"""Of a job: one attempt."""

EXPIRES_AT = "expires_at"
"""Of a job: Unix time in seconds from which on it is forgotten, be it there still or not."""

NEXT_AT = "next_at"
"""Of the rate: Unix time in microseconds before which no further job begins."""

NAMESPACE = "ChatOpsConstructs/ThrottledFanOut"
DIMENSION = "FanOut"
METRIC_DONE = "Done"
METRIC_FAILED = "Failed"
"""Tries that failed, so that a job may count several times."""
METRIC_DUPLICATES = "Duplicates"
METRIC_GIVEN_BACK = "GivenBack"
"""Jobs that were not begun, since the time was too short or another invocation had claimed them."""
METRIC_WAITED = "Waited"
"""Milliseconds for which an invocation waited for slots."""
