"""Environment markers, evaluated for a target: https://packaging.python.org/en/latest/specifications/dependency-specifiers/.

pip evaluates them for the machine that it runs on, even if it is told to install for another one. Used with pip only:
the parser is the one that pip brings along.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from chatops_constructs.packaging.dependencies.distributions import normalised
from chatops_constructs.packaging.dependencies.running import ToolError

if TYPE_CHECKING:
    from chatops_constructs.packaging.dependencies.target import Target


def wanted(requirement: str, target: Target) -> bool:
    """Whether a requirement's marker lets it be installed for the target.

    Args:
        requirement: `tzdata==2026.1 ; sys_platform == "win32"`.
        target: Where packages run.
    """
    marker = None if _is_path(requirement) else _parsed(requirement).marker
    return marker is None or bool(marker.evaluate({"extra": ""} if target.is_host else _environment(target)))


def runs_on(versions: str, target: Target) -> bool:
    """Whether what says to run on these versions of Python runs on the target's.

    Args:
        versions: `>=3.10,<4`.
        target: Where packages run.
    """
    specifiers = import_module("pip._vendor.packaging.specifiers")
    return bool(specifiers.SpecifierSet(versions).contains(f"{target.version}.0", prereleases=True))


def without_marker(requirement: str) -> str:
    """The same requirement for every environment.

    Args:
        requirement: As in `wanted`.
    """
    if _is_path(requirement):
        return requirement
    parsed = _parsed(requirement)
    parsed.marker = None
    return str(parsed)


def name_of(requirement: str) -> str:
    """The normalised name of the package that a requirement asks for.

    Args:
        requirement: As in `wanted`.
    """
    return normalised(_parsed(requirement).name)


def _is_path(requirement: str) -> bool:
    """Whether it is a wheel that lies there, or on a server, without a name before it."""
    return requirement.endswith(".whl") and "@" not in requirement


def _parsed(requirement: str) -> Any:  # noqa: ANN401 - pip's, which has no types
    try:
        return import_module("pip._vendor.packaging.requirements").Requirement(requirement)
    except ValueError as error:
        raise ToolError(f"Invalid requirement {requirement}: {error}") from None


def _environment(target: Target) -> dict[str, str]:
    return {
        "implementation_name": "cpython",
        "implementation_version": f"{target.version}.0",
        "os_name": "posix",
        "platform_machine": target.machine,
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": "Linux",
        "platform_version": "",
        "python_full_version": f"{target.version}.0",
        "python_version": target.version,
        "sys_platform": "linux",
        "extra": "",
    }
