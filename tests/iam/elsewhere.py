"""What the local cloud cannot be asked about: for what reason, and which test proves it instead."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.iam.permissions import Permission

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Elsewhere:
    """Some permissions that no story here can show to be needed.

    Args:
        policy: a regular expression of the logical ids of the policies that give them, without their hashes.
        action: a regular expression of the actions.
        reason: why not.
        proof: the test that proves them, as pytest names it: `tests/….py::test_…`.
        resource: a regular expression of what they are for.
    """

    policy: str
    action: str
    reason: str
    proof: str
    resource: str = ".*"

    def covers(self, permission: Permission) -> bool:
        """Whether a permission is one of them."""
        return all(
            re.fullmatch(pattern, text) is not None
            for pattern, text in (
                (self.policy, permission.policy[:-8]),
                (self.action, permission.action),
                (self.resource, permission.resource),
            )
        )

    def has_proof(self) -> bool:
        """Whether there is such a test."""
        path, _, name = self.proof.partition("::")
        file = _ROOT / path
        if not file.is_file():
            return False
        functions = (node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.FunctionDef))
        return name.startswith("test_") and name in {function.name for function in functions}
