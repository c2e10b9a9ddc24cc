"""The statuses of commands and invocations, as JSONata lists.

https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html
"""

# Statuses that are not final. Whatever else comes up is final, and only Success is a success.
UNFINISHED = "['Pending', 'InProgress', 'Delayed', 'Cancelling']"

# The command is not with the instance yet.
NOT_DELIVERED = "['Pending', 'Delayed']"
