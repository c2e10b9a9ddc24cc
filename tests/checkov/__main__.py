"""`python -m tests.checkov PROGRAM`: checkov's rules for CloudFormation on the templates of all examples.

`make checkov` installs the program, in an environment of its own, and calls this.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.checkov.acknowledged import ACKNOWLEDGED
from tests.checkov.examples import write_templates


def main(program: str) -> int:
    """1 if there is a finding without an acknowledgement, or an acknowledgement without a finding."""
    with tempfile.TemporaryDirectory() as folder:
        templates, work = Path(folder) / "templates", Path(folder) / "work"
        templates.mkdir()
        work.mkdir()
        names = write_templates(templates, work=work)
        report = _report(program, templates)
    summary, results = report["summary"], report["results"]
    problems = [f"{summary['parsing_errors']} templates could not be read"] if summary["parsing_errors"] else []
    found = {_key(check): check for check in results["failed_checks"]}
    problems += [_described(check) for check in results["failed_checks"] if _key(check) not in ACKNOWLEDGED]
    problems += [
        f"acknowledged, but not found any more: {' on '.join(key)}" for key in ACKNOWLEDGED if key not in found
    ]
    for problem in problems:
        sys.stdout.write(f"{problem}\n")
    sys.stdout.write(
        f"checkov {summary['checkov_version']}: {len(names)} templates, {summary['resource_count']} resources, "
        f"{summary['passed']} checks passed, {len(results['failed_checks'])} findings of {len(found)} kinds, "
        f"{len(ACKNOWLEDGED)} kinds acknowledged, {len(problems)} problems\n"
    )
    return int(bool(problems))


def _report(program: str, templates: Path) -> dict[str, Any]:
    """What checkov says. It asks its makers' service about nothing: no key, no download."""
    options = ["--framework", "cloudformation", "--output", "json", "--compact", "--skip-download", "--soft-fail"]
    done = subprocess.run(
        [program, "--directory", str(templates), *options],
        env={**os.environ, "BC_SKIP_MAPPING": "TRUE", "LOG_LEVEL": "ERROR"},
        stdout=subprocess.PIPE,
        check=True,
    )
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _key(check: dict[str, Any]) -> tuple[str, str]:
    resource_type, _, _ = check["resource"].rpartition(".")
    return check["check_id"], resource_type


def _described(check: dict[str, Any]) -> str:
    return f"{Path(check['file_path']).name}: {check['resource']}: {check['check_id']}: {check['check_name']}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
