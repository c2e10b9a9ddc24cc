"""The states that give the script to the next instance when it could not be delivered to one.

Only then. A script that may have begun is never begun elsewhere: half of a job done twice is worse than a job that is
known to have failed. So "DeliveryTimedOut" is no reason, although it sounds like one: Systems Manager calls it so too
when an instance took the script and was not heard of again
(https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html). What is not delivered in time is
cancelled before it comes to that, and then asked whether it had begun after all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_constructs.workflow.asl import choice, expr, integration, reading_retry

if TYPE_CHECKING:
    from chatops_constructs.workflow.asl import States

FIRST = "Was it delivered?"
NEXT_INSTANCE = "Give up on this instance"
GONE = "The instance is gone"

# When so many instances one after the other do not take it, it is not the instances that are at fault.
MOST_ATTEMPTS = 10


def fail_over(*, send: str, delivered: str) -> States:
    """The states from `FIRST`, and from `GONE` on; they keep what they gave up on in `tried`.

    Args:
        send: The state that sends the script to the instance of number `attempt`.
        delivered: The state that follows when the script may have begun, or there is no other instance.
    """
    status = "$invocations[0].status"
    return {
        FIRST: {
            "Type": "Choice",
            "Choices": [
                choice(f"{status} = 'Undeliverable' or ($undelivered and {status} = 'Cancelled')", then="Had it begun?")
            ],
            "Default": delivered,
        },
        "Had it begun?": {
            "Type": "Task",
            "Resource": integration("aws-sdk:ssm:getCommandInvocation"),
            "Arguments": {"CommandId": expr("$command_id"), "InstanceId": expr("$invocations[0].instance_id")},
            "Assign": {"began": expr("$boolean($states.result.ExecutionStartDateTime)")},
            "Retry": reading_retry(),
            "Next": "It had not?",
        },
        "It had not?": {
            "Type": "Choice",
            "Choices": [choice("$began", then=delivered)],
            "Default": NEXT_INSTANCE,
        },
        GONE: {
            "Type": "Pass",
            "Assign": {
                "invocations": expr("[{'instance_id': $online[$attempt].instance_id, 'status': 'InvalidInstanceId'}]"),
                "undelivered": False,
                "given_up": False,
                "command_id": "",
                "command_status": "",
            },
            "Next": NEXT_INSTANCE,
        },
        NEXT_INSTANCE: {
            "Type": "Pass",
            "Assign": {
                "tried": expr(
                    "$append($tried, [{'instance_id': $invocations[0].instance_id, 'name': $online[$attempt].name, "
                    "'status': $undelivered ? 'Undeliverable' : $invocations[0].status}])"
                ),
                "invocations": [],
                "attempt": expr("$attempt + 1"),
            },
            "Next": "Another instance?",
        },
        "Another instance?": {
            "Type": "Choice",
            "Choices": [choice(f"$attempt < $min([$count($online), {MOST_ATTEMPTS}])", then=send)],
            "Default": delivered,
        },
    }
