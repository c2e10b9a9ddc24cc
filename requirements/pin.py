"""Pin every dependency by version and hash, in files that name no package index."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent

SOURCES = {
    "development.txt": ("../pyproject.toml", "--extra", "local", "--group", "../pyproject.toml:dev"),
    # Each of these in an environment of its own: they would only get in the way of the others.
    "checkov.txt": ("checkov.in",),
    "fuzz.txt": ("fuzz.in",),
}

for output, sources in SOURCES.items():
    subprocess.run(
        [
            *(sys.executable, "-m", "uv", "pip", "compile", *sources),
            *("--universal", "--python-version", "3.10", "--generate-hashes", "--no-emit-index-url", "--upgrade"),
            *("--custom-compile-command", "make requirements", "--output-file", output, "--quiet"),
        ],
        cwd=HERE,
        check=True,
    )
