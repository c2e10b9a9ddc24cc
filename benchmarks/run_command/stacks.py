"""The stacks of one job: every design as often as it is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_sns as sns
from aws_cdk.aws_scheduler import ScheduleExpression

from benchmarks.run_command.designs import CONFIGURATIONS
from benchmarks.run_command.prior_design.prior_design import PriorDesign
from chatops_constructs import Ec2Targets, ScheduledRunCommand

if TYPE_CHECKING:
    from pathlib import Path

    from constructs import Construct

    from benchmarks.run_command.designs import Configuration
    from benchmarks.run_command.jobs import Job

TAG = "Run"
OURS, LOST, PRIOR = "Ours", "OursSignalLost", "Prior"
# The local cloud only pretends to run it.
SCRIPT = "/srv/app/bin/job"


def synthesise(job: Job, directory: Path) -> None:
    """Write the cloud assembly for `job` into `directory`.

    The runs of a design are tasks of their own, each with its own instance, so that they can go on side by side.
    """
    app = cdk.App(outdir=str(directory), analytics_reporting=False)
    ours, lost, prior = cdk.Stack(app, OURS), cdk.Stack(app, LOST), cdk.Stack(app, PRIOR)
    for number in range(len(job.longer)):
        for configuration in CONFIGURATIONS:
            _ours(lost if configuration.lost else ours, configuration, job, number)
        PriorDesign(prior, prior_id(number), tag_name=TAG, tag_value=run_tag(number), command=SCRIPT)
    app.synth()


def run_tag(number: int) -> str:
    """The tag's value of the instance of one run."""
    return f"run-{number}"


def task_id(configuration: Configuration, number: int) -> str:
    """The id of one run of ours."""
    return f"{configuration.id}{number}"


def prior_id(number: int) -> str:
    """The id of one run of the prior design."""
    return f"Task{number}"


def _ours(scope: Construct, configuration: Configuration, job: Job, number: int) -> None:
    id = task_id(configuration, number)
    ScheduledRunCommand(
        scope,
        id,
        schedule=ScheduleExpression.rate(cdk.Duration.days(2)),
        script=SCRIPT,
        targets=Ec2Targets.by_tag(TAG, run_tag(number)),
        timeout=cdk.Duration.seconds(job.timeout),
        completion_signal=configuration.signal,
        expected_duration=cdk.Duration.seconds(job.expected) if configuration.hint else None,
        on_success=[sns.Topic(scope, f"{id}Succeeded")],
        on_failure=[sns.Topic(scope, f"{id}Failed")],
    )
