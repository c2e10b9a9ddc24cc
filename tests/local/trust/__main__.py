"""`python -m tests.local.trust`: writes docs/trust.md."""

from __future__ import annotations

from tests.local.trust.canaries import ROOT, collected
from tests.local.trust.table import page

PAGE = ROOT / "docs" / "trust.md"

if __name__ == "__main__":
    PAGE.write_text(page(collected()), encoding="utf-8")
