"""How the pipeline makes templates of the repository."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_constructs._problems import Problems, matches

if TYPE_CHECKING:
    from collections.abc import Sequence

# What jsii runs on until 2028-04-30, and what CodeBuild's images have:
# https://docs.aws.amazon.com/codebuild/latest/userguide/available-runtimes.html
NODE = "24"
PYTHON = "3.13"
# Nothing of npm is looked up by name alone: another release of the command line is a change of this library, or yours.
CDK_CLI = "2.1148.1"
CDK_ASSETS = "4.7.3"
UV = "0.13.9"
# Node 20 and older are out of support, and jsii says so with each command: https://github.com/aws/jsii#readme. The
# oldest Python that this library runs on.
OLDEST_NODE = (22,)
OLDEST_PYTHON = (3, 10)

DIRECTORY = re.compile(r"\.|(?!\.)[A-Za-z0-9._-]+(?:/(?!\.)[A-Za-z0-9._-]+)*")
VERSION = re.compile(r"\d+(?:\.\d+)*")


@dataclass(frozen=True)
class CdkSynth:
    """The commands that install what the app needs, and synthesise it, in CodeBuild, without Docker.

    Make it with `pip`, `uv` or `commands`. Each build runs in a new machine with this Node and this Python.

    Attributes:
        install_commands: Install the app's dependencies.
        synth_commands: Write the cloud assembly to `cdk.out`.
        cdk_commands: Install the command line of CDK, which only synthesising needs.
        run: Comes before a program that the dependencies brought: `uv run --frozen`, or nothing.
        directory: Where the app is in the repository: the folder with `cdk.json`.
        node: The version of Node.
        python: The version of Python.
        cdk_cli: The version of the command line of CDK, with which the pipeline updates itself.
        cdk_assets: The version of cdk-assets, with which it publishes assets.
    """

    install_commands: tuple[str, ...]
    synth_commands: tuple[str, ...]
    cdk_commands: tuple[str, ...] = ()
    run: str = ""
    directory: str = "."
    node: str = NODE
    python: str = PYTHON
    cdk_cli: str = CDK_CLI
    cdk_assets: str = CDK_ASSETS

    @classmethod
    def pip(
        cls,
        requirements: str = "requirements.txt",
        *,
        directory: str = ".",
        node: str = NODE,
        python: str = PYTHON,
        cdk_cli: str = CDK_CLI,
        cdk_assets: str = CDK_ASSETS,
    ) -> CdkSynth:
        """Dependencies by pip, each by its hash: `pip install --require-hashes`.

        `uv export --format requirements.txt` and `pip-compile --generate-hashes` write such a file.

        Args:
            requirements: The file, in `directory`. It has to have `chatops-constructs[cli]` for the secrets check.
                Default: `requirements.txt`.
            directory: The folder with `cdk.json`. Default: the repository's top.
            node: The version of Node. Default: 24.
            python: The version of Python. Default: 3.13.
            cdk_cli: The version of the command line of CDK. A newer `aws-cdk-lib` may want a newer one, and says so.
                Default: the one that this library was tested with.
            cdk_assets: The version of cdk-assets, which publishes assets. The same holds for it. Default: the one that
                this library was tested with.

        Raises:
            ValueError: A folder or a version is none.
        """
        _check(requirements=requirements)
        return cls(
            (f"python -m pip install --require-hashes --requirement {requirements}",),
            ("cdk synth --quiet",),
            (_cdk_cli(cdk_cli),),
            directory=directory,
            node=node,
            python=python,
            cdk_cli=cdk_cli,
            cdk_assets=cdk_assets,
        )

    @classmethod
    def uv(
        cls,
        *,
        directory: str = ".",
        node: str = NODE,
        python: str = PYTHON,
        cdk_cli: str = CDK_CLI,
        cdk_assets: str = CDK_ASSETS,
        uv: str = UV,
    ) -> CdkSynth:
        """Dependencies by uv, exactly as `uv.lock` has them: `uv sync --frozen`.

        Args:
            directory: The folder with `cdk.json` and `uv.lock`. Default: the repository's top.
            node: The version of Node. Default: 24.
            python: The version of Python. Default: 3.13.
            cdk_cli: The version of the command line of CDK. A newer `aws-cdk-lib` may want a newer one, and says so.
                Default: the one that this library was tested with.
            cdk_assets: The version of cdk-assets, which publishes assets. The same holds for it. Default: the one that
                this library was tested with.
            uv: The version of uv. Default: the one that this library was tested with.

        Raises:
            ValueError: A folder or a version is none.
        """
        _check(uv=uv)
        return cls(
            (f"python -m pip install uv=={uv}", "uv sync --frozen"),
            ("uv run --frozen cdk synth --quiet",),
            (_cdk_cli(cdk_cli),),
            run="uv run --frozen",
            directory=directory,
            node=node,
            python=python,
            cdk_cli=cdk_cli,
            cdk_assets=cdk_assets,
        )

    @classmethod
    def commands(
        cls,
        *,
        install: Sequence[str],
        synth: Sequence[str],
        run: str = "",
        directory: str = ".",
        node: str = NODE,
        python: str = PYTHON,
        cdk_cli: str = CDK_CLI,
        cdk_assets: str = CDK_ASSETS,
    ) -> CdkSynth:
        """Commands of your own, one shell for all of them.

        Args:
            install: Install the dependencies. They are run before each secrets check as well.
            synth: Write the cloud assembly to `cdk.out`; with what only that needs before it.
            run: Comes before a program that the dependencies brought. Default: nothing.
            directory: The folder that all of them are run in. Default: the repository's top.
            node: The version of Node. Default: 24.
            python: The version of Python. Default: 3.13.
            cdk_cli: The version of the command line of CDK with which the pipeline updates itself. Default: the one
                that this library was tested with.
            cdk_assets: The version of cdk-assets. Default: the one that this library was tested with.

        Raises:
            ValueError: There is nothing to synthesise with, or a folder or a version is none.
        """
        return cls(
            tuple(install),
            tuple(synth),
            run=run,
            directory=directory,
            node=node,
            python=python,
            cdk_cli=cdk_cli,
            cdk_assets=cdk_assets,
        )

    def __post_init__(self) -> None:
        """Check what was given.

        Raises:
            ValueError: Something of it is not as described.
        """
        problems = Problems("CdkSynth")
        problems.check(
            bool(self.synth_commands) and all(map(_is_command, (*self.install_commands, *self.synth_commands))),
            "synth",
            self.synth_commands,
            "one or more commands, none of them empty",
            "write synth=['npx cdk synth']",
        )
        problems.check(
            matches(DIRECTORY, self.directory),
            "directory",
            self.directory,
            "a folder below the repository's top, without ./ and / around it",
            "write it like 'services/bots'",
            tokens=False,
        )
        _check_versions(problems, node=self.node, python=self.python, cdk_cli=self.cdk_cli, cdk_assets=self.cdk_assets)
        _check_age(problems, "node", self.node, OLDEST_NODE, "name 24")
        _check_age(problems, "python", self.python, OLDEST_PYTHON, "name 3.13")
        problems.raise_if_any()

    @property
    def installing(self) -> list[str]:
        """What installs, from the repository's top."""
        return [*([] if self.directory == "." else [f"cd {self.directory}"]), *self.install_commands]

    @property
    def installing_with_cdk(self) -> list[str]:
        """The same, and the command line of CDK."""
        return [*self.installing, *self.cdk_commands]

    @property
    def output(self) -> str:
        """Where the cloud assembly is then, from the repository's top."""
        return "cdk.out" if self.directory == "." else f"{self.directory}/cdk.out"

    def program(self, line: str) -> str:
        """A command line of a program that the dependencies brought.

        Args:
            line: The program and its arguments.
        """
        return f"{self.run} {line}".strip()


def _cdk_cli(version: str) -> str:
    return f"npm install --global --no-fund --no-audit aws-cdk@{version}"


def _is_command(text: object) -> bool:
    return isinstance(text, str) and bool(text.strip())


def _check(*, requirements: str | None = None, **versions: str) -> None:
    problems = Problems("CdkSynth")
    if requirements is not None:
        problems.check(
            matches(DIRECTORY, requirements),
            "requirements",
            requirements,
            "a file in directory",
            "write it like 'requirements.txt'",
            tokens=False,
        )
    _check_versions(problems, **versions)
    problems.raise_if_any()


def _check_versions(problems: Problems, **versions: str) -> None:
    for name, version in versions.items():
        problems.check(
            matches(VERSION, version), name, version, "one version, in digits and dots", "name one", tokens=False
        )


def _check_age(problems: Problems, name: str, version: str, oldest: tuple[int, ...], remedy: str) -> None:
    if matches(VERSION, version):
        least = ".".join(map(str, oldest))
        problems.check(
            tuple(map(int, version.split("."))) >= oldest,
            name,
            version,
            f"{least} or newer, which is supported",
            remedy,
        )
