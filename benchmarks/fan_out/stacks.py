"""The stacks of both designs, for each of the APIs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import aws_cdk as cdk

from benchmarks.fan_out.prior_design.prior_design import PriorDesign
from chatops_constructs import JobFunction, PythonFunction, ThrottledFanOut

OURS, PRIOR = "Ours", "Prior"
SOURCE = Path(__file__).parent / "functions"


@dataclass(frozen=True)
class Api:
    """What an API allows.

    Attributes:
        name: What it is called.
        parallel: How many calls at a time.
        per_second: How many in a second.
        rated: Whether that is what has to be minded.
        batch_size: How many jobs an invocation of ours takes: the fewer, the sooner the last ones end.
    """

    name: str
    parallel: int
    per_second: float
    rated: bool
    batch_size: int


PARALLEL = Api("Parallel", parallel=5, per_second=1000, rated=False, batch_size=5)
RATED = Api("Rated", parallel=12, per_second=20, rated=True, batch_size=2)
APIS = (PARALLEL, RATED)


def synthesise(directory: Path, port: int) -> None:
    """Write the cloud assembly into `directory`.

    Args:
        directory: Where to.
        port: Of the API.
    """
    app = cdk.App(outdir=str(directory), analytics_reporting=False)
    environment = {"API_PORT": str(port)}
    for api in APIS:
        ours = cdk.Stack(app, f"{OURS}{api.name}")
        consumer = JobFunction(ours, "Call", entry=SOURCE, handler="calls.call", environment=environment)
        calls = ThrottledFanOut(
            ours,
            "Calls",
            consumer=consumer,
            max_concurrency=api.parallel,
            per_second=api.per_second if api.rated else None,
            batch_size=api.batch_size,
        )
        timeout = cdk.Duration.minutes(5)
        producer = PythonFunction(ours, "Producer", entry=SOURCE, handler="calls.produce", timeout=timeout)
        calls.publish_from(producer)
        cdk.CfnOutput(ours, "ProducerName", value=producer.function_name)

        prior = cdk.Stack(app, f"{PRIOR}{api.name}")
        design = PriorDesign(prior, "Design", concurrency=api.parallel, environment=environment)
        cdk.CfnOutput(prior, "ProducerName", value=design.producer.function_name)
    app.synth()
