"""The page's files, which are no Python, are where the function reads them: in the wheel and in the Lambda asset."""

import subprocess
import sys
import zipfile
from pathlib import Path

from chatops_constructs.packaging import runtime_asset

ROOT = Path(__file__).parents[2]
FOLDER = "chatops_runtime/allowlist/page"
FILES = {
    f"{FOLDER}/{name}"
    for name in (
        "page.html",
        "page.css",
        "script/words.js",
        "script/requests.js",
        "script/panels.js",
        "script/flow.js",
        "texts/en.json",
        "texts/ja.json",
    )
}

ANSWER = """
from chatops_runtime.allowlist.page.response import page
answer = page(url="https://a.example", ipv4_url="https://b.example", valid_seconds=60, accept_language="ja")
print(answer["headers"]["content-language"], answer["body"].count("</script>"))
import chatops_runtime
print(chatops_runtime.__file__)
"""


def test_are_in_the_wheel(tmp_path: Path) -> None:
    arguments = ["--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(tmp_path), str(ROOT)]
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "wheel", *arguments]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    assert set(zipfile.ZipFile(wheel).namelist()) >= FILES


def test_are_in_the_asset_and_read_from_there() -> None:
    asset = runtime_asset.staged("")
    assert {str(file.relative_to(asset)) for file in asset.rglob("*")} >= FILES
    done = subprocess.run(
        [sys.executable, "-I", "-B", "-c", f"import sys; sys.path.insert(0, {str(asset)!r})\n{ANSWER}"],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.splitlines() == ["ja 2", str(asset / "chatops_runtime" / "__init__.py")]
