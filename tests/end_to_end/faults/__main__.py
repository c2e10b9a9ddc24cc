"""`python -m tests.end_to_end.faults`: writes docs/fault-matrix.md from what the tests see.

Takes pytest's arguments; rows of tests that are not run stay as they are.
"""

from __future__ import annotations

import os
import sys

import pytest

from tests.end_to_end.faults.page import FOLDER, MODULES
from tests.end_to_end.faults.recorder import WRITING

if __name__ == "__main__":
    os.environ[WRITING] = "1"
    sys.exit(pytest.main([*(str(FOLDER / f"{module}.py") for module in MODULES), *sys.argv[1:]]))
