"""How the end of a command wakes the state machine that waits for it.

The task token travels as a parameter of the command itself, which no step of the document refers to: Systems Manager's
event about the command's end has the command's parameters in it
(https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html). A rule
hands the event to a state machine, which returns the token with this output:

    {"kind": "signal"}

Not the command's id: somebody who repeats the command by hand repeats its parameters, the token among them. The signal
says that it is time to look, and whose command it was is found out then.

Other states that wait for a token have outputs of other kinds, and take no signal for an answer.
"""

PARAMETER = "TaskToken"
"""The document's parameter that carries the token."""

KIND = "signal"
