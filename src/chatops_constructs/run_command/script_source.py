"""A script as a user gives it, and its time limits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import Duration

from chatops_constructs._durations import in_seconds
from chatops_constructs._problems import Problems, is_token

if TYPE_CHECKING:
    from constructs import Construct

# timeoutSeconds of aws:runShellScript, up to 172,800:
# https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-command-ssm-plugin-reference.html. Below 5 the
# agent takes its default instead, an hour (amazon-ssm-agent, agent/plugins/pluginutil).
SHORTEST_TIMEOUT = Duration.seconds(5)
LONGEST_TIMEOUT = Duration.hours(48)
# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html: TimeoutSeconds.
SHORTEST_DELIVERY = Duration.seconds(30)
LONGEST_DELIVERY = Duration.days(30)


def check_script(problems: Problems, script: str | None, script_file: str | Path | None) -> None:
    """Note what is wrong with the two parameters."""
    problems.check(
        (script is None) != (script_file is None),
        "script and script_file",
        "missing, both of them" if script is None else "given, both of them",
        "exactly one of them",
        "give the script itself or the file that holds it",
    )
    path = Path(script_file) if script_file is not None else None
    problems.check(
        path is None or path.is_file(),
        "script_file",
        str(script_file),
        "a file",
        f"make {path.absolute() if path else ''} or name another",
    )


def read_script(where: Construct | str, script: str | None, script_file: str | Path | None) -> str:
    """The script itself, of one of two parameters that `check_script` found right.

    Raises:
        ValueError: The script is empty, or no shell could read it.
    """
    problems = Problems(where)
    # Not read_text, which would make \n of \r\n.
    text = Path(script_file).read_bytes().decode() if script_file is not None else script or ""
    name = "script" if script_file is None else f"script_file {script_file}"
    problems.check(
        is_token(text) or bool(text.strip()),
        name,
        text,
        "at least one command",
        "write what is to be run",
    )
    problems.check("\0" not in text, name, "text with NUL", "text without NUL", "take it out: no shell can read it")
    problems.raise_if_any()
    return text


def check_times(
    problems: Problems, *, timeout: Duration, delivery_timeout: Duration, expected_duration: Duration | None
) -> None:
    """Note what is wrong with a script's times."""
    check_seconds(problems, "timeout", timeout, SHORTEST_TIMEOUT, LONGEST_TIMEOUT)
    check_seconds(problems, "delivery_timeout", delivery_timeout, SHORTEST_DELIVERY, LONGEST_DELIVERY)
    if expected_duration is not None:
        longest = LONGEST_TIMEOUT if is_token(in_seconds(timeout)) else timeout
        check_seconds(problems, "expected_duration", expected_duration, Duration.seconds(1), longest)


def check_seconds(problems: Problems, name: str, value: Duration, least: Duration, most: Duration) -> None:
    """Note if `value` is not a whole number of seconds from `least` to `most`."""
    seconds = in_seconds(value)
    if seconds == int(seconds) and in_seconds(least) <= seconds <= in_seconds(most):
        return
    problems.check(
        False,
        name,
        seconds if is_token(seconds) else value.to_human_string(),
        f"whole seconds from {least.to_human_string()} to {most.to_human_string()}",
        "choose a time in that range",
        tokens=False,
    )
