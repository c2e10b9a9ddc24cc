"""What the function is asked that looks after a queue, beside the fields of `chatops_runtime.contracts.reply`.

{…, "view": "status"}    how many messages wait, are being handled, are dead
{…, "view": "redrive"}   the dead ones go back into the queue
"""

STATUS = "status"
REDRIVE = "redrive"

NAME = "CHATOPS_QUEUE_NAME"
"""What people call it."""

QUEUE_URL = "CHATOPS_QUEUE_URL"
QUEUE_ARN = "CHATOPS_QUEUE_ARN"
DEAD_LETTERS_URL = "CHATOPS_DEAD_LETTERS_URL"
DEAD_LETTERS_ARN = "CHATOPS_DEAD_LETTERS_ARN"
