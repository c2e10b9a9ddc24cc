"""The states that find the targets' instances and tell those that are online from the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_constructs.run_command.targets import MOST_IDS
from chatops_constructs.workflow.asl import States, choice, expr, integration, or_empty, reading_retry

if TYPE_CHECKING:
    from chatops_constructs.run_command.targets import Ec2Targets

FIRST = "Find the instances"

# A command's result names every instance, and a state's payload may have 262,144 bytes; what is over that ends an
# execution without its being caught. So many instances with the longest names leave room for some of their output.
MOST_INSTANCES = 300
TOO_MANY = "ChatOps.TooManyInstances"


def find_instances(targets: Ec2Targets, *, at_least: int, then: str, otherwise: str) -> States:
    """The states from `FIRST` on.

    They assign `online` and `offline`, arrays of `{"instance_id", "name", "status"}` in the order of the names, and
    `by_tag`: whether more are online than a command takes ids. The state before them has to assign an empty array to
    `managed`, which they fill page by page.

    Args:
        targets: Which instances.
        at_least: How many have to be online.
        then: The state that follows when so many are online.
        otherwise: The state that follows when they are not.
    """
    page = (
        "$append($managed, [$states.result.InstanceInformationList.{"
        "'instance_id': InstanceId, 'name': $exists(ComputerName) ? ComputerName : InstanceId, "
        "'status': PingStatus}])"
    )
    find = {
        "Type": "Task",
        "Resource": integration("aws-sdk:ssm:describeInstanceInformation"),
        "Assign": {"managed": expr(page), "next": expr(or_empty("$states.result.NextToken"))},
        "Retry": reading_retry(),
        "Next": "All instances found?",
    }
    arguments = {"Filters": targets.filters, "MaxResults": 50}
    return {
        FIRST: {**find, "Arguments": arguments},
        "Find more instances": {**find, "Arguments": {**arguments, "NextToken": expr("$next")}},
        "All instances found?": {
            "Type": "Choice",
            "Choices": [
                choice(f"$count($managed) > {MOST_INSTANCES}", then="Too many instances"),
                choice("$boolean($next)", then="Find more instances"),
            ],
            "Default": "Sort the instances",
        },
        "Too many instances": {
            "Type": "Fail",
            "Error": TOO_MANY,
            "Cause": f"More than {MOST_INSTANCES} instances match {targets.description}, which is more than one command"
            " can report on. Nothing was run; narrow the command's targets.",
        },
        "Sort the instances": {
            "Type": "Pass",
            "Assign": {
                "online": expr("[$managed[status = 'Online']^(name)]"),
                "offline": expr("[$managed[status != 'Online']^(name)]"),
                "by_tag": expr(f"$count($managed[status = 'Online']) > {MOST_IDS}"),
            },
            "Next": "Enough instances online?",
        },
        "Enough instances online?": {
            "Type": "Choice",
            "Choices": [choice(f"$count($online) >= {at_least}", then=then)],
            "Default": otherwise,
        },
    }
