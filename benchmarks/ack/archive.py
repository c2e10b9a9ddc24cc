"""Zip archives, as Lambda gets them."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def zipped(*folders: Path, byte_code: bool = False) -> bytes:
    """The content of `folders`, one beside the other, compressed as the CDK's command line does.

    Args:
        folders: What goes to the top of the archive.
        byte_code: Whether what Python has compiled goes along.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for folder in folders:
            for path in sorted(folder.rglob("*")):
                if path.is_file() and (byte_code or path.suffix != ".pyc"):
                    archive.write(path, path.relative_to(folder))
    return buffer.getvalue()
