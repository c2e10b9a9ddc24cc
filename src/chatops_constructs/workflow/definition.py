"""A state machine's definition as CloudFormation takes it: a file, and apart from it what is filled in later."""

from __future__ import annotations

import json
import re
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_stepfunctions as sfn

from chatops_constructs import _asset_hash

if TYPE_CHECKING:
    from collections.abc import Iterator

# How CDK writes a value into a string that is known only at deploy time. Nothing in it changes in JSON.
TOKEN = re.compile(r"(\$\{Token\[[^\]]+\]\})")
PARTITION = "${Token[AWS.Partition."

# The name and the beginning of a state. Inside a text the quotation marks would be escaped.
STATE = re.compile(r'"[^"\\]*": \{"Type": ')


class Definition:
    """A definition with a placeholder for each token.

    In a template itself it would be a text of a hundred pieces with every quotation mark escaped, hard to read, and
    sixty scripts would not fit into a template's 1 MB
    (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html). As a file it can be
    read in cdk.out, and the template shows what is filled in.

    Attributes:
        text: The definition, `${Name}` where a value is filled in.
        substitutions: The value for each name.
    """

    def __init__(self, definition: dict[str, Any]) -> None:
        """Take the tokens out of `definition`."""
        self.substitutions: dict[str, str] = {}
        self._name_tokens(definition, "Value")
        names = {token: name for name, token in self.substitutions.items()}
        # A line a state: json's own indentation takes ten times as long.
        text = STATE.sub(r"\n\g<0>", json.dumps(definition, ensure_ascii=False))
        self.text = "".join(
            # What looks like a placeholder and is none must not be filled in.
            f"${{{names[piece]}}}" if piece in names else piece.replace("${", "\\u0024{")
            for piece in TOKEN.split(text)
        )

    @contextmanager
    def body(self) -> Iterator[sfn.DefinitionBody]:
        """The text as a file, which is there until CDK has copied it for the machine that is made with it."""
        # Closed before CDK reads it, and removed by hand: Windows opens no file twice.
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", prefix="chatops-definition-", suffix=".asl.json", delete=False
        ) as file:
            file.write(self.text)
        try:
            yield sfn.DefinitionBody.from_file(file.name, asset_hash=_asset_hash.of_text(self.text))
        finally:
            Path(file.name).unlink()

    def _name_tokens(self, part: Any, key: str) -> None:  # noqa: ANN401 - any part of a definition's JSON
        if isinstance(part, dict):
            for name, value in part.items():
                self._name_tokens(value, name)
        elif isinstance(part, list):
            for value in part:
                self._name_tokens(value, key)
        elif isinstance(part, str):
            for token in TOKEN.findall(part):
                self._name_token(token, key)

    def _name_token(self, token: str, key: str) -> None:
        """Name the token after the field that it stands in first, or `Partition`."""
        if token in self.substitutions.values():
            return
        wanted = "Partition" if token.startswith(PARTITION) else re.sub(r"[^A-Za-z0-9]", "", key) or "Value"
        name, number = wanted, 1
        while name in self.substitutions:
            number += 1
            name = f"{wanted}{number}"
        self.substitutions[name] = token
