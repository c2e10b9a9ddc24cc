"""What uv and pip say when they fail, with what to do about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatops_constructs.packaging.dependencies.error import DependenciesError

if TYPE_CHECKING:
    from chatops_constructs.packaging.dependencies.running import ToolError
    from chatops_constructs.packaging.dependencies.target import Target

_OTHER_TARGET = (
    "take a version that has one, another architecture or runtime for the function, or build it in Docker with "
    "PythonDependencies.….in_docker()"
)
# What the words contain, what it means, and what to do. The first that fits.
_MEANINGS = (
    (
        # uv resolves a project, rather than requirements, only if its lock does not fit.
        r"lockfile .*needs to be updated|Unable to find lockfile|your project('s requirements| depends)",
        "uv.lock does not fit pyproject.toml",
        "run `uv lock` in that folder and commit what it writes",
    ),
    (
        r"[Hh]ash mismatch|DO NOT MATCH THE HASHES",
        "what the index has is not what was locked",
        "lock again if the package was published anew and you trust that; otherwise find out who changed it",
    ),
    (
        r"no trusted hash was provided|must have their versions pinned|have no hash for it|mode, all requirements must",
        "the requirements are not complete: with hashes, everything that is installed must be in them",
        "write them with `uv pip compile --universal --generate-hashes`, which adds what is missing",
    ),
    (
        r"\b(401|403|407)\b|lack of valid authentication|Forbidden|Unauthorized",
        "the index refuses the credentials that it was given, or was given none",
        "check those of UV_INDEX_…, UV_DEFAULT_INDEX, PIP_INDEX_URL, netrc or keyring on this machine",
    ),
    (
        r"network was disabled|--offline",
        "uv is offline, and has not all of it in its cache",
        "let it use the network once (UV_OFFLINE), or fill its cache where there is one",
    ),
    (
        r"error sending request|dns error|Failed to (fetch|download)|Could not fetch URL|HTTP status server error"
        r"|[Tt]imed out|Connection (refused|reset)|Max retries|NewConnectionError|Temporary failure",
        "the index does not answer",
        "check the network, and the proxy and index that uv or pip are configured with on this machine",
    ),
    (
        r"requires (a different )?Python|requires-python|Python requirement|No interpreter found",
        "a package does not run on {target}, or uv has no Python that the project allows",
        "take a version that does, or another runtime for the function",
    ),
    (
        r"no wheels with a matching|no usable wheels|building from source is disabled|from versions: none"
        r"|No matching distribution",
        "there is no wheel for {target}",
        _OTHER_TARGET,
    ),
    (
        r"not found in the (package registry|provided package locations)|no version of",
        "the index does not have it",
        "check the name, the version, and which index uv or pip are configured with on this machine",
    ),
    (
        r"Couldn't parse requirement|Expected .* after|Invalid requirement",
        "a line in it is no requirement",
        "write it as in `markupsafe==3.0.4 --hash=sha256:…`",
    ),
    (
        r"unexpected argument|invalid value|no such option",
        "it is too old for what it was asked",
        "update it: `pip install --upgrade uv`",
    ),
)
_OTHERWISE = ("it could not be done", "its own words say why")


def explained(error: ToolError, tool: str, doing: str, target: Target) -> DependenciesError:
    """The error to raise for one of a tool.

    Args:
        error: The tool's.
        tool: Its name.
        doing: What it was to do: `functions/orders/uv.lock`.
        target: Where the packages were to run.
    """
    # The tools wrap their lines, wherever that falls.
    said = " ".join(error.words.split())
    meaning, remedy = next(
        ((meaning, remedy) for pattern, meaning, remedy in _MEANINGS if re.search(pattern, said)), _OTHERWISE
    )
    words = "\n".join(f"    {line}" for line in error.words.splitlines())
    return DependenciesError(f"{doing}: {meaning.format(target=target)}; {remedy}. {tool} said:\n{words}")
