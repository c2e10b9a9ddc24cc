"""A document with its versions, and how the API shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from .document_content import SCHEMA_VERSION, DocumentContent
from .errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_VERSIONS = 1000
"""https://docs.aws.amazon.com/general/latest/gr/ssm.html: document versions per document."""

DEFAULT = "$DEFAULT"
LATEST = "$LATEST"


@dataclass(frozen=True)
class DocumentVersion:
    """One version: it never changes."""

    number: int
    text: str
    content: DocumentContent
    created: float
    version_name: str = ""
    display_name: str = ""

    @property
    def hash(self) -> str:
        """Sha256 of the content."""
        return sha256(self.text.encode()).hexdigest()


@dataclass
class Document:
    """A named document of this account, or of AWS."""

    name: str
    owner: str
    tags: Sequence[Mapping[str, str]] = ()
    target_type: str = ""
    versions: dict[int, DocumentVersion] = field(default_factory=dict)
    default_number: int = 1
    _last_number: int = 0

    @property
    def latest(self) -> DocumentVersion:
        """The version with the highest number."""
        return self.versions[max(self.versions)]

    @property
    def default(self) -> DocumentVersion:
        """The version that runs unless another is asked for."""
        return self.versions[self.default_number]

    def version(self, asked: str | None) -> DocumentVersion:
        """The version that `asked` means: a number, `$LATEST`, `$DEFAULT` or nothing, which is `$DEFAULT`.

        Raises:
            ServiceError: `InvalidDocumentVersion`.
        """
        if asked in {None, DEFAULT}:
            return self.default
        if asked == LATEST:
            return self.latest
        version = self.versions.get(int(asked)) if asked else None
        if version is None:
            raise ServiceError("InvalidDocumentVersion", f"document {self.name} has no version {asked}")
        return version

    def named_version(self, version_name: str) -> DocumentVersion:
        """The version with that name.

        Raises:
            ServiceError: `InvalidDocumentVersion`.
        """
        for version in self.versions.values():
            if version.version_name == version_name:
                return version
        raise ServiceError("InvalidDocumentVersion", f"document {self.name} has no version named {version_name}")

    def add_version(
        self, text: str, created: float, *, version_name: str = "", display_name: str = ""
    ) -> DocumentVersion:
        """Add a version after the latest. The default version stays.

        Raises:
            ServiceError: The content is not valid, or there are too many versions.
        """
        if len(self.versions) >= MAX_VERSIONS:
            raise ServiceError(
                "DocumentVersionLimitExceeded", f"document {self.name} has {MAX_VERSIONS} versions already"
            )
        content = DocumentContent.read(text)
        self._last_number += 1  # numbers of deleted versions are not given out again
        version = DocumentVersion(self._last_number, text, content, created, version_name, display_name)
        self.versions[version.number] = version
        return version

    def description(self, version: DocumentVersion) -> dict[str, Any]:
        """`DocumentDescription`."""
        return {
            **self.identifier(version),
            "Hash": version.hash,
            "HashType": "Sha256",
            "Status": "Active",
            "Description": version.content.description,
            "Parameters": [parameter.description_for_api() for parameter in version.content.parameters.values()],
            "LatestVersion": str(self.latest.number),
            "DefaultVersion": str(self.default_number),
        }

    def identifier(self, version: DocumentVersion) -> dict[str, Any]:
        """`DocumentIdentifier`."""
        return {
            "Name": self.name,
            **_given(DisplayName=version.display_name, VersionName=version.version_name, TargetType=self.target_type),
            "Owner": self.owner,
            "CreatedDate": version.created,
            "DocumentVersion": str(version.number),
            "PlatformTypes": ["Linux", "MacOS"],
            "DocumentType": "Command",
            "SchemaVersion": SCHEMA_VERSION,
            "DocumentFormat": "JSON",
            "Tags": list(self.tags),
        }

    def version_info(self, version: DocumentVersion) -> dict[str, Any]:
        """`DocumentVersionInfo`."""
        return {
            "Name": self.name,
            **_given(DisplayName=version.display_name, VersionName=version.version_name),
            "DocumentVersion": str(version.number),
            "CreatedDate": version.created,
            "IsDefaultVersion": version.number == self.default_number,
            "DocumentFormat": "JSON",
            "Status": "Active",
        }

    def content_answer(self, version: DocumentVersion) -> dict[str, Any]:
        """What GetDocument answers."""
        return {
            "Name": self.name,
            **_given(DisplayName=version.display_name, VersionName=version.version_name),
            "CreatedDate": version.created,
            "DocumentVersion": str(version.number),
            "Status": "Active",
            "Content": version.text,
            "DocumentType": "Command",
            "DocumentFormat": "JSON",
        }


def _given(**members: str) -> dict[str, str]:
    return {name: value for name, value in members.items() if value}
