"""The policies that the guides name, for the stacks and the secrets of these tests."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[2] / "docs"


def policy_in_the_guide(title: str, page: str = "setup.md") -> list[dict[str, Any]]:
    """The statements of a policy.

    Args:
        title: What its block is for: `doctor` or `setup`; on the page of secrets, `check` or `values`.
        page: Where it is.
    """
    match = re.search(rf"```json {title}\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL)
    assert match
    text = match[1].replace("OpsBot", "Ops").replace("/ops-bot/prod", "/ops/prod")
    # The emulator names log groups otherwise than CloudFormation does, and does not know the resources of IAM's calls.
    text = text.replace("log-group:Ops-*", "log-group:/aws/cloudformation/Ops/*")
    text = re.sub(r'\["arn:aws:iam::.*"\]', '"*"', text)
    statements: list[dict[str, Any]] = json.loads(text)["Statement"]
    return statements
