"""The code of our functions: what a handler needs, all of it, and not much else."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.ack.archive import zipped
from benchmarks.ack.results import MOST_ASSET_BYTES
from chatops_constructs.packaging import runtime_asset, runtime_modules
from chatops_constructs.packaging.runtime_modules import PACKAGE, modules_of

CONSTRUCTS = PACKAGE.parent / "chatops_constructs"
HANDLERS = sorted(
    {
        handler
        for source in CONSTRUCTS.rglob("*.py")
        for handler in re.findall(r'handler="(chatops_runtime[\w.]+)"', source.read_text(encoding="utf-8"))
    }
)
# Everything that is imported has to come from the asset, the standard library or the packages of Lambda's runtime,
# which stand behind it here.
PROGRAM = """
import importlib, os, sys
sys.path.insert(0, sys.argv[1])
for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
    os.environ[name] = "eu-central-1"
sys.dont_write_bytecode = True
importlib.import_module(sys.argv[2])
import chatops_runtime
assert chatops_runtime.__file__.startswith(sys.argv[1])
"""


def test_the_handlers_were_found():
    assert "chatops_runtime.dispatch.handler.handler" in HANDLERS
    assert len(HANDLERS) >= 7


@pytest.mark.parametrize("handler", HANDLERS)
def test_a_handler_is_imported_from_its_asset(handler):
    asset = runtime_asset.staged("", modules_of(handler))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(asset), handler.rpartition(".")[0]],
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        check=False,
    )
    errors = done.stderr + done.stdout
    assert done.returncode == 0, errors
    assert "ModuleNotFoundError" not in errors


def test_the_ack_path_has_the_least():
    """What Slack's three seconds do not pay for has no business in the archive: no client, no handler of others."""
    modules = modules_of("chatops_runtime.dispatch.handler.handler")
    assert {".".join(module.split(".")[1:2]) for module in modules} == {
        *("", "arguments", "authorization", "contracts", "dispatch", "durations", "embedded_metrics", "log_line"),
        "slack",
    }
    assert "chatops_runtime.arguments.parsing" in modules
    assert not {"chatops_runtime.slack.web_client", "chatops_runtime.authorization.handler"} & modules


def test_its_archive_is_within_the_budget():
    """A cold start waits until Lambda has it."""
    asset = runtime_asset.staged("", modules_of("chatops_runtime.dispatch.handler.handler"))
    assert len(zipped(asset)) <= MOST_ASSET_BYTES


def test_a_package_comes_with_its_files_and_without_byte_code():
    asset = runtime_asset.staged("", modules_of("chatops_runtime.allowlist.registrar.handler")) / PACKAGE.name
    assert (asset / "__init__.py").is_file()
    assert (asset / "allowlist" / "page" / "page.html").is_file()
    assert (asset / "allowlist" / "page" / "script" / "flow.js").is_file()
    assert not (asset / "notifier").exists()
    assert not (asset / "allowlist" / "projection.py").exists()
    assert not list(asset.rglob("*.pyc"))


@pytest.mark.parametrize("handler", HANDLERS)
def test_an_asset_has_the_modules_of_its_handler_and_no_others(handler):
    asset, modules = runtime_asset.staged("", modules_of(handler)), modules_of(handler)
    found = {".".join(path.relative_to(asset).with_suffix("").parts) for path in asset.rglob("*.py")}
    assert {name.removesuffix(".__init__") for name in found} == modules


def test_a_layer_has_everything():
    layer = runtime_asset.staged("python") / "python" / PACKAGE.name
    assert {path.name for path in layer.iterdir()} == {path.name for path in PACKAGE.iterdir()} - {"__pycache__"}


def test_the_code_of_a_handler_is_staged_once():
    modules = modules_of("chatops_runtime.report.handler.handler")
    assert runtime_asset.staged("", modules) == runtime_asset.staged("", frozenset(modules))


def imports_of(node: ast.AST) -> set[str]:
    """What the syntax tree says that is imported, but for types alone."""
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return set().union(*(imports_of(child) for child in node.orelse))
    found = set()
    if isinstance(node, ast.Import):
        found = {alias.name for alias in node.names}
    elif isinstance(node, ast.ImportFrom):
        assert node.module, "a relative import"
        found = {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found.union(*(imports_of(child) for child in ast.iter_child_nodes(node)))


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_imports_that_are_read_are_those_of_the_syntax_tree(path: Path):
    source = path.read_text(encoding="utf-8")
    assert set(runtime_modules._imported(source)) == imports_of(ast.parse(source))


@pytest.mark.parametrize("handler", ["chatops_runtime.nothing.handler", "index.handler", "handler"])
def test_what_is_no_handler_of_the_package_is_refused(handler):
    with pytest.raises(ValueError, match=re.escape(f"handler is '{handler}', which is in no module of")):
        modules_of(handler)


SOURCES = {
    "__init__": "",
    "a/__init__": "",
    "a/handler": (
        "import chatops_runtime.b.deep\n"
        "TYPE_CHECKING = False\nif TYPE_CHECKING:\n    import chatops_runtime.types_only\n"
        "def later():\n    from chatops_runtime import c\n"
    ),
    "b/__init__": "from chatops_runtime.d import value\n",
    "b/deep": "import json\n",
    "c": "import chatops_runtime.a.handler\n",
    "d": "value = 1\n",
    "e": "",
    "types_only": "",
}


def test_imports_are_followed_in_circles_into_functions_and_up_to_packages(tmp_path: Path, monkeypatch):
    for name, source in SOURCES.items():
        path = tmp_path / PACKAGE.name / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    monkeypatch.setattr(runtime_modules, "PACKAGE", tmp_path / PACKAGE.name)
    found = modules_of.__wrapped__("chatops_runtime.a.handler.handler")
    names = ("", ".a", ".a.handler", ".b", ".b.deep", ".c", ".d")
    assert found == {f"chatops_runtime{name}" for name in names}
