"""Whether the off-switch of an endpoint lets its commands run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_runtime.contracts.off_switch import reason_of
from chatops_setup import parameters
from chatops_setup.finding import Finding, ok, problem, warning

if TYPE_CHECKING:
    from chatops_setup.aws import Aws

CHECK = "off-switch"


def judged(aws: Aws, name: str) -> Finding:
    """What the switch says.

    Args:
        aws: Where it is.
        name: The name of its parameter.

    Raises:
        AwsError: It cannot be read.
    """
    remedy = f"`aws ssm put-parameter --overwrite --type String --name {name} --value on` lets commands run"
    found = parameters.read(aws, name)
    if found is None:
        return problem(CHECK, f"{name} does not exist, so no command runs", remedy)
    try:
        reason = reason_of(found.value)
    except ValueError as error:
        return problem(CHECK, f"no command runs, since {name} is no off-switch: {error}", remedy)
    if reason is None:
        return ok(CHECK, f"{name} is on")
    return warning(CHECK, f"commands are switched off{f': {reason}' if reason else ''}", remedy)
