"""The documents of the account, and the API actions on them.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html and its neighbours.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .aws_owned import OWNER, run_shell_script
from .document import DEFAULT, LATEST, Document, DocumentVersion
from .document_filters import matches
from .errors import ServiceError, not_emulated
from .paging import page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .clock import Clock

MAX_DOCUMENTS = 500
"""`DocumentLimitExceeded` in AWS's service model: at most 500 active documents."""

_RESERVED_PREFIXES = ("aws", "amazon", "amzn")
_ARN = re.compile(r"arn:[^:]+:ssm:(?P<region>[^:]*):(?P<account>[^:]*):document/(?P<name>.+)")


class Documents:
    """All documents. The caller holds the lock."""

    def __init__(self, *, account: str, region: str, clock: Clock) -> None:
        """Start with AWS's own document only."""
        self._account = account
        self._region = region
        self._clock = clock
        built_in = run_shell_script(clock.now())
        self._documents: dict[str, Document] = {built_in.name: built_in}

    def find(self, name_or_arn: str) -> Document:
        """The document of that name or ARN.

        Raises:
            ServiceError: `InvalidDocument`: it does not exist, or the ARN is of another account or region.
        """
        document = self._documents.get(self._name(name_or_arn))
        if document is None:
            raise ServiceError("InvalidDocument", f"Document with name {name_or_arn} does not exist.")
        return document

    def create(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """CreateDocument."""
        _check_kind(request)
        name = request["Name"]
        if name.lower().startswith(_RESERVED_PREFIXES):
            raise ServiceError(
                "ValidationException", f"Name {name}: {', '.join(_RESERVED_PREFIXES)} are AWS's prefixes"
            )
        if name in self._documents:
            raise ServiceError("DocumentAlreadyExists", f"Document with same name {name} already exists")
        if len(self._documents) > MAX_DOCUMENTS:
            raise ServiceError("DocumentLimitExceeded", f"there are {MAX_DOCUMENTS} documents already")
        document = Document(name, self._account, request.get("Tags", ()), request.get("TargetType", ""))
        version = self._add_version(document, request)
        self._documents[name] = document
        return {"DocumentDescription": document.description(version)}

    def update(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """UpdateDocument: a new latest version. The default version stays what it was."""
        _check_kind(request)
        document = self._own(request["Name"])
        latest = document.latest
        if request.get("DocumentVersion", LATEST) not in {LATEST, str(latest.number)}:
            asked = request["DocumentVersion"]
            allowed = f"the latest, {latest.number}, or {LATEST} is allowed"
            raise ServiceError("InvalidDocumentVersion", f"DocumentVersion {asked}: {allowed}")
        if request["Content"] == latest.text:
            raise ServiceError(
                "DuplicateDocumentContent", f"the content is that of version {latest.number} of {document.name}"
            )
        version_name = request.get("VersionName")
        if version_name and version_name in {version.version_name for version in document.versions.values()}:
            raise ServiceError("DuplicateDocumentVersionName", f"{document.name} has a version named {version_name}")
        document.target_type = request.get("TargetType", document.target_type)
        return {"DocumentDescription": document.description(self._add_version(document, request))}

    def update_default_version(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """UpdateDocumentDefaultVersion."""
        document = self._own(request["Name"])
        version = document.version(request["DocumentVersion"])
        document.default_number = version.number
        named = {"DefaultVersionName": version.version_name} if version.version_name else {}
        return {"Description": {"Name": document.name, "DefaultVersion": str(version.number), **named}}

    def delete(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """DeleteDocument: the document, or one version that is not the default."""
        document = self._own(request["Name"])
        if "DocumentVersion" in request or "VersionName" in request:
            version = self._asked_version(document, request)
            if version.number == document.default_number:
                message = f"version {version.number} of {document.name} is the default: make another the default first"
                raise ServiceError("InvalidDocumentOperation", message)
            del document.versions[version.number]
        else:
            del self._documents[document.name]
        return {}

    def describe(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """DescribeDocument."""
        document = self.find(request["Name"])
        return {"Document": document.description(self._asked_version(document, request))}

    def get(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """GetDocument."""
        if request.get("DocumentFormat", "JSON") != "JSON":
            raise not_emulated(f"DocumentFormat {request['DocumentFormat']}", "use JSON")
        document = self.find(request["Name"])
        return document.content_answer(self._asked_version(document, request))

    def list_documents(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """ListDocuments."""
        found = [
            document
            for _, document in sorted(self._documents.items())
            if matches(document, request.get("Filters", ()), OWNER)
        ]
        documents, token = page(found, request, lambda document: document.name)
        return {"DocumentIdentifiers": [document.identifier(document.default) for document in documents], **token}

    def list_versions(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """ListDocumentVersions, the latest first."""
        document = self.find(request["Name"])
        newest_first = sorted(document.versions.values(), key=lambda version: -version.number)
        versions, token = page(newest_first, request, lambda version: str(version.number))
        return {"DocumentVersions": [document.version_info(version) for version in versions], **token}

    def _add_version(self, document: Document, request: Mapping[str, Any]) -> DocumentVersion:
        return document.add_version(
            request["Content"],
            self._clock.now(),
            version_name=request.get("VersionName", ""),
            display_name=request.get("DisplayName", ""),
        )

    def _own(self, name: str) -> Document:
        document = self.find(name)
        if document.owner == OWNER:
            raise ServiceError("InvalidDocumentOperation", f"document {document.name} belongs to AWS")
        return document

    def _asked_version(self, document: Document, request: Mapping[str, Any]) -> DocumentVersion:
        if "VersionName" in request:
            return document.named_version(request["VersionName"])
        return document.version(request.get("DocumentVersion", DEFAULT))

    def _name(self, name_or_arn: str) -> str:
        arn = _ARN.fullmatch(name_or_arn)
        if arn is None:
            return name_or_arn
        # The account of an AWS-owned document's ARN is empty.
        foreign = arn["region"] != self._region or arn["account"] not in {"", self._account}
        return "" if foreign else arn["name"]


def _check_kind(request: Mapping[str, Any]) -> None:
    for member, emulated in {"DocumentType": "Command", "DocumentFormat": "JSON"}.items():
        if request.get(member, emulated) != emulated:
            raise not_emulated(f"{member} {request[member]}", f"use {emulated}")
