"""What is wrong with the parameters of a `ScheduledRunCommand`."""

from __future__ import annotations

import re

from chatops_constructs._problems import Problems, matches
from chatops_constructs.run_command.overlap import Overlap
from chatops_constructs.run_command.run_on import RunOn
from chatops_constructs.run_command.success_if import SuccessIf
from chatops_constructs.run_command.targets import Ec2Targets, PickedTargets

# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html: MaxConcurrency, MaxErrors.
MAX_CONCURRENCY = re.compile(r"[1-9][0-9]{0,5}|[1-9][0-9]?%|100%")
MAX_ERRORS = re.compile(r"0|[1-9][0-9]{0,5}|[0-9]%|[1-9][0-9]%|100%")
EVERYTHING = "100%"


def check_choices(problems: Problems, *, targets: object, run_on: object, overlap: object) -> None:
    """Note what is not of the class that it has to be."""
    problems.check(
        isinstance(targets, Ec2Targets),
        "targets",
        targets,
        "Ec2Targets.by_tag(…) or Ec2Targets.by_ids(…)",
        "say on which instances the script runs",
    )
    problems.check(
        not isinstance(targets, PickedTargets),
        "targets",
        targets,
        "targets without pick(), since nobody is there to pick when a schedule comes due",
        "leave it out, or use run_on=RunOn.ANY_ONE for one of them",
    )
    problems.check(
        isinstance(run_on, RunOn), "run_on", run_on, "RunOn.ALL or RunOn.ANY_ONE", "choose one, or leave it out"
    )
    problems.check(
        isinstance(overlap, Overlap),
        "overlap",
        overlap,
        "Overlap.SKIP, Overlap.LOCK or Overlap.ALLOW",
        "choose one, or leave it out",
    )


def check_fleet(
    problems: Problems,
    *,
    run_on: RunOn,
    min_targets: int,
    success_if: SuccessIf | None,
    max_concurrency: str,
    max_errors: str,
) -> None:
    """Note what is wrong with how the script spreads over its instances."""
    problems.check(
        isinstance(min_targets, int) and not isinstance(min_targets, bool) and 1 <= min_targets <= 300,
        "min_targets",
        min_targets,
        "a whole number from 1 to 300",
        "say how many instances have to be online",
        tokens=False,
    )
    problems.check(
        success_if is None or isinstance(success_if, SuccessIf),
        "success_if",
        success_if,
        "SuccessIf.all(), SuccessIf.at_least(…) or SuccessIf.percent(…)",
        "say on how many instances the script has to succeed",
    )
    for name, value, pattern, least in (
        ("max_concurrency", max_concurrency, MAX_CONCURRENCY, "1"),
        ("max_errors", max_errors, MAX_ERRORS, "0"),
    ):
        problems.check(
            matches(pattern, value),
            name,
            value,
            f"a text with a number from {least}, or with a part from {least}% to 100%",
            "write it like '10' or '50%'",
            tokens=False,
        )
    several = {"success_if": success_if is not None}
    several |= {"max_concurrency": max_concurrency != EVERYTHING, "max_errors": max_errors != EVERYTHING}
    for name in (name for name, given in several.items() if given and run_on is RunOn.ANY_ONE):
        problems.check(
            False, name, "given with RunOn.ANY_ONE", "nothing, since the script runs on one instance", "leave it out"
        )
