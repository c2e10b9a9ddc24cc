"""What the README and the pages under docs/ show runs, and what they link to is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _pytest.mark import ParameterSet

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted(ROOT.glob("docs/*.md")),
    *sorted(ROOT.glob("**/README.md")),
]
PAGES = [page for page in dict.fromkeys(PAGES) if not any(part.startswith(".venv") for part in page.parts)]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(#[^)]*)?\)")


def blocks() -> Iterator[ParameterSet]:
    for page in PAGES:
        for number, code in enumerate(BLOCK.findall(page.read_text(encoding="utf-8")), 1):
            yield pytest.param(code, id=f"{page.relative_to(ROOT)}-{number}")


@pytest.mark.parametrize("code", list(blocks()))
def test_python_is_python(code: str):
    compile(code, "block", "exec")


def test_what_you_write_makes_a_stack(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(ROOT / "examples" / "ops_bot")
    (code,) = (code for code in BLOCK.findall((ROOT / "README.md").read_text()) if "SlackCommandEndpoint(" in code)
    stack = cdk.Stack(cdk.App(), "Ops")
    exec(compile(code, "README.md", "exec"), {"self": stack})
    # One a command, one that is told when a script is over, one each for endings, for refusals and for clicks.
    Template.from_stack(stack).resource_count_is("AWS::StepFunctions::StateMachine", 6)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path):
    for target, _ in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
