"""What is on the path of a function: its own code, its layers, and what Lambda's Python runtime brings."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import os
import threading
import zipfile
from pathlib import Path

RUNTIME_PACKAGES = (
    # Lambda's Python runtime has the runtime client and boto3 with all that it needs, and nothing else.
    # https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
    "awslambdaric",
    "runtime_client",
    "simplejson",
    "snapshot_restore_py",
    "boto3",
    "botocore",
    "s3transfer",
    "jmespath",
    "dateutil",
    "six",
    "urllib3",
)


class Packages:
    """Unpacked code and layers. What has the same content is unpacked once."""

    def __init__(self, directory: Path) -> None:
        """Unpack below ``directory``."""
        self._directory = directory
        self._lock = threading.Lock()
        self.runtime = self._link_runtime()
        """A directory with the packages that the runtime has, so that a function can import no other one of ours."""

    def unpack(self, archive: bytes) -> Path:
        """The directory with the content of a zip archive, its files read-only as in Lambda."""
        directory = self._directory / hashlib.sha256(archive).hexdigest()[:32]
        with self._lock:
            if not directory.exists():
                unfinished = directory.with_suffix(".unfinished")
                _extract(archive, unfinished)
                unfinished.rename(directory)
        return directory

    def _link_runtime(self) -> Path:
        runtime = self._directory / "runtime"
        runtime.mkdir(parents=True)
        for name in RUNTIME_PACKAGES:
            found = importlib.util.find_spec(name)
            if found is not None and found.origin is not None:
                origin = Path(found.origin)
                source = origin.parent if found.submodule_search_locations else origin
                (runtime / source.name).symlink_to(source)
        return runtime


def layer_paths(layer: Path, python: str) -> list[Path]:
    """Where Lambda looks for Python packages in a layer.

    https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html

    Args:
        layer: the unpacked layer.
        python: the version, such as ``python3.13``.
    """
    candidates = (layer / "python" / "lib" / python / "site-packages", layer / "python")
    return [path for path in candidates if path.is_dir()]


def _extract(archive: bytes, directory: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(archive)) as content:
        for entry in content.infolist():
            path = Path(content.extract(entry, directory))
            if path.is_file():
                executable = (entry.external_attr >> 16) & 0o111
                os.chmod(path, 0o444 | executable)  # noqa: PTH101 - the mode of a file, plainly
    directory.mkdir(exist_ok=True)
