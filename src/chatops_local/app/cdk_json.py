"""The app's `cdk.json`: the command that runs it, and its context.

https://docs.aws.amazon.com/cdk/v2/guide/configure-synth.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_APP = "python app.py"


class CdkJsonError(ValueError):
    """`cdk.json` or `cdk.context.json` cannot be used."""


@dataclass(frozen=True)
class CdkJson:
    """What is read from `cdk.json`; and from `cdk.context.json`, whose values do not override it."""

    app: str
    context: dict[str, Any]

    @classmethod
    def read(cls, app_dir: Path) -> CdkJson:
        """The settings of the app in `app_dir`.

        Raises:
            CdkJsonError: A file is not a JSON object, or `app` is not text.
        """
        settings = _json_object(app_dir / "cdk.json")
        app = settings.get("app", DEFAULT_APP)
        if not isinstance(app, str) or not app.strip():
            raise CdkJsonError(
                f"{app_dir / 'cdk.json'}: app {app!r} must be the command that runs the app, such as {DEFAULT_APP!r}"
            )
        return cls(app, _json_object(app_dir / "cdk.context.json") | settings.get("context", {}))


def _json_object(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        value = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise CdkJsonError(f"{path} is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise CdkJsonError(f"{path} must hold a JSON object")
    return value
