"""Run the constructs' tests with the oldest aws-cdk-lib and constructs that pyproject.toml allows.

In a virtual environment of its own, `.venv-lowest`. Left out are the tests of cdk-nag and cfn-lint, which judge what
the newest CDK makes, and of whole templates, which differ between CDK versions in places that do not matter.

    python requirements/test_lowest.py            the lowest allowed versions
    python requirements/test_lowest.py 2.270.0    another aws-cdk-lib, to look for the bound
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
ENVIRONMENT = ROOT / ".venv-lowest"
PYTHON = ENVIRONMENT / "bin" / "python"

# What the tests themselves need, in the versions that development is pinned to.
TOOLS = ("boto3", "cdk-nag", "cfn-lint", "hypothesis", "jsonata-python", "pytest", "pytest-xdist")
NEWEST_ONLY = (
    "test_nag.py",
    "test_cfn_lint.py",
    "test_dual_stack_site_checks.py",
    "test_feature_flags.py",
    "test_slack_notifier_checks.py",
    "test_snapshot.py",
)


def lowest(package: str) -> str:
    """The lower bound of a dependency in pyproject.toml."""
    found = re.search(rf'"{package}>=([0-9.]+),', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    if found is None:
        sys.exit(f"pyproject.toml gives {package} no lower bound of the form >=X,<Y")
    return found[1]


def pinned(package: str) -> str:
    """The version of a tool in development.txt for the Python that runs this."""
    text = (ROOT / "requirements" / "development.txt").read_text(encoding="utf-8")
    return "\n".join(
        line.removesuffix("\\").strip() for line in text.splitlines() if line.startswith(f"{package}==")
    ) or sys.exit(f"requirements/development.txt does not pin {package}")


def uv(*arguments: str, text: str | None = None) -> None:
    """Call the uv that is installed for development."""
    subprocess.run([sys.executable, "-m", "uv", *arguments], cwd=ROOT, input=text, text=True, check=True)


def main() -> None:
    """Install and test."""
    version = sys.argv[1] if len(sys.argv) > 1 else lowest("aws-cdk-lib")
    wanted = [f"aws-cdk-lib=={version}", f"constructs=={lowest('constructs')}", *map(pinned, TOOLS)]
    print(f"aws-cdk-lib {version}, constructs {lowest('constructs')}")
    uv("venv", "--quiet", "--allow-existing", "--python", sys.executable, str(ENVIRONMENT))
    uv("pip", "install", "--quiet", "--python", str(PYTHON), "--requirement", "-", text="\n".join(wanted))
    ignored = [f"--ignore=tests/constructs/{name}" for name in NEWEST_ONLY]
    # The packages from the checkout; Node, which CDK runs in, from the environment for development.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [PYTHON, "-m", "pytest", "tests/constructs", *ignored],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PATH": path},
        check=False,
    )
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
