"""Pin every dependency by version and hash, in a file that names no package index."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent

subprocess.run(
    [
        *(sys.executable, "-m", "uv", "pip", "compile", "../pyproject.toml"),
        *("--extra", "local", "--group", "../pyproject.toml:dev"),
        *("--universal", "--python-version", "3.10", "--generate-hashes", "--no-emit-index-url", "--upgrade"),
        *("--custom-compile-command", "make requirements", "--output-file", "development.txt", "--quiet"),
    ],
    cwd=HERE,
    check=True,
)
