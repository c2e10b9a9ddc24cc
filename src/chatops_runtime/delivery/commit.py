"""The commit that an execution of the pipeline is of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts.pipeline_notice import LONGEST_MESSAGE
from chatops_runtime.slack.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_runtime.contracts.pipeline_notice import CommitFields

SHORT = 7
_LONGEST_NAME = 100
_LONGEST_URL = 1_000


@dataclass(frozen=True)
class Commit:
    """What the source action says of it; empty where it says nothing.

    All but the id is what a committer wrote, and Git lets anybody write anything.

    Attributes:
        id: Its hash.
        message: Its message.
        author_name: The author's name, for people.
        author_email: The author's e-mail address.
        author_id: The author's login.
        repository: `owner/name`.
        branch: The branch.
        url: Where it can be looked at.
    """

    id: str = ""
    message: str = ""
    author_name: str = ""
    author_email: str = ""
    author_id: str = ""
    repository: str = ""
    branch: str = ""
    url: str = ""

    @classmethod
    def of_source(cls, output: Mapping[str, Any]) -> Commit:
        """The commit in the output of a source action with a connection.

        https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html names
        the variables; an action has those that its provider knows.

        Args:
            output: `output` of an action execution.
        """
        variables = output.get("outputVariables") or {}
        url = (output.get("executionResult") or {}).get("externalExecutionUrl") or ""
        return cls(
            id=str(variables.get("CommitId", "")),
            message=str(variables.get("CommitMessage", "")),
            author_name=str(variables.get("AuthorDisplayName", "")),
            author_email=str(variables.get("AuthorEmail", "")).strip(),
            author_id=str(variables.get("AuthorId", "")).strip(),
            repository=str(variables.get("FullRepositoryName", "")),
            branch=str(variables.get("BranchName", "")),
            url=url if url.startswith("https://") and len(url) <= _LONGEST_URL else "",
        )

    @property
    def author_keys(self) -> tuple[str, ...]:
        """By what the author can be told apart, in small letters: not by the name, which many share."""
        return tuple(key for key in (self.author_email.casefold(), self.author_id.casefold()) if key)

    @property
    def author(self) -> str:
        """The author for people: whatever is known."""
        known = [part for part in (self.author_name, self.author_email or self.author_id) if part]
        return one_line(" ".join(known[:1] + [f"<{part}>" for part in known[1:]]), _LONGEST_NAME)

    @property
    def title(self) -> str:
        """The first line of the message."""
        return one_line(self.message.strip().partition("\n")[0], LONGEST_MESSAGE)

    @property
    def short_id(self) -> str:
        """The hash as people write it."""
        return self.id[:SHORT]

    def to_contract(self) -> CommitFields:
        """The commit as `chatops_runtime.contracts.pipeline_notice` has it."""
        return {
            "id": self.id,
            "message": self.title,
            "author": self.author,
            "repository": self.repository,
            "branch": self.branch,
            "url": self.url,
        }
