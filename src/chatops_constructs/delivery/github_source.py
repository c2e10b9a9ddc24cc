"""The repository whose pushes are delivered."""

from __future__ import annotations

import re
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

from aws_cdk import CfnOutput, Names
from aws_cdk import aws_codeconnections as codeconnections

from chatops_constructs._problems import Problems, matches

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct

# The owner's names: https://docs.github.com/en/get-started/signing-up-for-github; of a repository: letters, digits and
# `.`, `-`, `_`.
REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}")
# Connections that were made before July 2024 have the old name in theirs, and it goes on working:
# https://docs.aws.amazon.com/dtconsole/latest/userguide/rename.html
CONNECTION_ARN = re.compile(
    r"arn:aws[a-z-]*:(?:codeconnections|codestar-connections):[a-z]{2}(?:-[a-z]+)+-\d:\d{12}:connection/[0-9A-Za-z-]+"
)
# https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_GitFilePathFilterCriteria.html
MOST_PATTERNS = 8
LONGEST_PATTERN = 255
# https://docs.aws.amazon.com/codeconnections/latest/APIReference/API_CreateConnection.html
LONGEST_CONNECTION_NAME = 32

ACTION = "GitHub"
"""The source action's name, which triggers go by."""


@dataclass(frozen=True)
class GitHubSource:
    """One branch of a repository of GitHub, through a connection: no token, no webhook of yours.

    Example:
        from chatops_constructs import GitHubSource

        source = GitHubSource(
            "acme/bots",
            branch="main",
            connection_arn="arn:aws:codeconnections:us-east-1:111111111111:connection/aaaaaaaa-1111-2222-3333-444444444444",
            paths=["bots/**"],
        )

    Attributes:
        repository: `owner/name`.
        branch: The branch. Default: `main`.
        connection_arn: A connection that is AVAILABLE, and whose app may read the repository.
            Default: one is created. It is PENDING until somebody finishes it in the console, and until then the
            pipeline fails; an output says so.
        paths: A push starts the pipeline only if it changes a file that one of these patterns matches, such as
            `bots/**`; at most 8. Default: every push does.
        excluded_paths: A push that only changes what these match starts nothing; at most 8. Default: none.
    """

    repository: str
    _: KW_ONLY
    branch: str = "main"
    connection_arn: str | None = None
    paths: Sequence[str] = ()
    excluded_paths: Sequence[str] = ()

    def __post_init__(self) -> None:
        """Check what was given.

        Raises:
            ValueError: Something of it is not as described.
        """
        problems = Problems("GitHubSource")
        problems.check(
            matches(REPOSITORY, self.repository),
            "repository",
            self.repository,
            "owner/name, as in the repository's address after github.com/",
            "write it like 'acme/bots'",
            tokens=False,
        )
        problems.check(
            isinstance(self.branch, str) and bool(self.branch) and not re.search(r"\s|^refs/|\*", self.branch),
            "branch",
            self.branch,
            "the name of one branch",
            "write it like 'main'",
            tokens=False,
        )
        if self.connection_arn is not None:
            problems.check(
                matches(CONNECTION_ARN, self.connection_arn),
                "connection_arn",
                self.connection_arn,
                "the ARN of a connection: arn:aws:codeconnections:REGION:ACCOUNT:connection/ID",
                "copy it from Developer Tools > Settings > Connections, or leave it out to have one created",
            )
        for name in ("paths", "excluded_paths"):
            _check_patterns(problems, name, getattr(self, name))
        problems.raise_if_any()

    def connection(self, scope: Construct) -> str:
        """The ARN of the connection; makes one if none was given, and an output that says what is to be done.

        Args:
            scope: For what is made.
        """
        if self.connection_arn is not None:
            return self.connection_arn
        connection = codeconnections.CfnConnection(
            scope,
            "Connection",
            connection_name=Names.unique_resource_name(scope, max_length=LONGEST_CONNECTION_NAME),
            provider_type="GitHub",
        )
        arn = connection.attr_connection_arn
        CfnOutput(
            scope,
            "ConnectionToFinish",
            value=arn,
            description=(
                "PENDING, and the pipeline fails, until somebody finishes it once in the console: Developer Tools > "
                "Settings > Connections > Update pending connection"
            ),
        )
        return arn

    def trigger(self) -> dict[str, object] | None:
        """The filter as CloudFormation has it; None without one: the connection then tells of every push to the branch.

        https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PipelineTriggerDeclaration.html
        """
        files: Mapping[str, list[str]] = {
            **({"Includes": list(self.paths)} if self.paths else {}),
            **({"Excludes": list(self.excluded_paths)} if self.excluded_paths else {}),
        }
        if not files:
            return None
        push = {"Branches": {"Includes": [self.branch]}, "FilePaths": dict(files)}
        return {
            "ProviderType": "CodeStarSourceConnection",
            "GitConfiguration": {"SourceActionName": ACTION, "Push": [push]},
        }


def _check_patterns(problems: Problems, name: str, patterns: Sequence[str]) -> None:
    fine = not isinstance(patterns, str) and len(patterns) <= MOST_PATTERNS
    problems.check(
        fine, name, patterns, f"a list of at most {MOST_PATTERNS} patterns", "give a folder's files as 'folder/**'"
    )
    for pattern in patterns if fine else ():
        problems.check(
            isinstance(pattern, str) and 0 < len(pattern) <= LONGEST_PATTERN and not pattern.startswith(("/", "./")),
            name,
            pattern,
            f"patterns of 1 to {LONGEST_PATTERN} characters from the repository's top, without / in front",
            "write it like 'bots/**'",
            tokens=False,
        )
