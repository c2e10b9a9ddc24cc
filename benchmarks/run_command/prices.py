"""What AWS takes for it. All prices of the benchmark are in this file."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.run_command.run import Usage


@dataclass(frozen=True)
class Price:
    """One line of the price list.

    Attributes:
        dollars: For one.
        unit: Of what.
        source: Where AWS says so.
    """

    dollars: float
    unit: str
    source: str


AS_OF = "us-east-1, November 2026, without free tiers"

TRANSITION = Price(
    0.025 / 1_000,
    "state transition of a Standard workflow, retries included",
    "https://aws.amazon.com/step-functions/pricing/",
)
EXPRESS_REQUEST = Price(1.00 / 1e6, "Express workflow request", TRANSITION.source)
EXPRESS_GB_SECOND = Price(0.00001667, "GB-second of an Express workflow", TRANSITION.source)
LAMBDA_REQUEST = Price(0.20 / 1e6, "function invocation", "https://aws.amazon.com/lambda/pricing/")
LAMBDA_GB_SECOND = Price(0.0000166667, "GB-second of a function, x86", LAMBDA_REQUEST.source)
SCHEDULE = Price(1.00 / 1e6, "invocation by EventBridge Scheduler", "https://aws.amazon.com/eventbridge/pricing/")
AWS_EVENT = Price(0.0, "event of an AWS service, and a rule's schedule", SCHEDULE.source)
PUBLISH = Price(0.50 / 1e6, "publication to a topic", "https://aws.amazon.com/sns/pricing/")
TRACE = Price(5.00 / 1e6, "trace recorded by X-Ray", "https://aws.amazon.com/xray/pricing/")
RUN_COMMAND = Price(0.0, "command and call of Run Command", "https://aws.amazon.com/systems-manager/pricing/")

PRICES = (
    *(TRANSITION, EXPRESS_REQUEST, EXPRESS_GB_SECOND, LAMBDA_REQUEST, LAMBDA_GB_SECOND),
    *(SCHEDULE, AWS_EVENT, PUBLISH, TRACE, RUN_COMMAND),
)

# How long things take on AWS cannot be measured here. It makes little: a second of either costs less than a transition.
EXPRESS_SECONDS, EXPRESS_GB = 1.0, 64 / 1024
FUNCTION_SECONDS, FUNCTION_GB = 0.1, 128 / 1024

ASSUMPTIONS = (
    f"an Express execution is billed as {EXPRESS_SECONDS:g} s with 64 MB",
    f"a function's invocation is billed as {FUNCTION_SECONDS:g} s with 128 MB",
    "every execution of ours is traced by X-Ray, none of the prior design",
    "left out on both sides: what is written to CloudWatch Logs (three lines a function invocation, about two events a"
    " transition), what reads a topic",
    "left out: ours has one alarm a task, or two, $0.10 a month where more than ten are in the account",
)


def cost(usage: Usage) -> float:
    """Dollars for one run."""
    return (
        usage.transitions * TRANSITION.dollars
        + usage.express * (EXPRESS_REQUEST.dollars + EXPRESS_SECONDS * EXPRESS_GB * EXPRESS_GB_SECOND.dollars)
        + usage.invocations * (LAMBDA_REQUEST.dollars + FUNCTION_SECONDS * FUNCTION_GB * LAMBDA_GB_SECOND.dollars)
        + usage.schedules * SCHEDULE.dollars
        + usage.publishes * PUBLISH.dollars
        + usage.traces * TRACE.dollars
    )


def to_json() -> dict[str, object]:
    """The list, for the results."""
    return {"as_of": AS_OF, "prices": [asdict(price) for price in PRICES], "assumptions": list(ASSUMPTIONS)}
