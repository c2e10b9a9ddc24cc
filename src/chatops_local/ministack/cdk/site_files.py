"""The files of an archive as ``aws s3 sync`` would put them into a bucket."""

from __future__ import annotations

import io
import mimetypes
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_BINARY = "binary/octet-stream"


def files_of(archive: bytes, markers: Mapping[str, str]) -> dict[str, bytes]:
    """The files of a zip archive by their names.

    Args:
        archive: the archive.
        markers: what was not known at synthesis, by the mark that stands for it in texts.
    """
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        names = [entry.filename for entry in opened.infolist() if not entry.is_dir()]
        return {name: _filled(opened.read(name), markers) for name in names}


def content_type(name: str) -> str:
    """What the AWS CLI takes a file for, by its name."""
    guessed, _ = mimetypes.guess_type(name)
    return guessed or _BINARY


def _filled(content: bytes, markers: Mapping[str, str]) -> bytes:
    for marker, value in markers.items():
        content = content.replace(marker.encode(), str(value).encode())
    return content
