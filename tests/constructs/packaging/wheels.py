"""Wheels made by hand, so that what is tested needs no index and no compiler."""

from __future__ import annotations

import zipfile
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

ANY = "py3-none-any"
ARM_314 = "cp314-cp314-manylinux_2_17_aarch64"
X86_314 = "cp314-cp314-manylinux_2_17_x86_64"

# e_machine: https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html
X86_64, AARCH64, I386 = 62, 183, 3
MACH_O = b"\xcf\xfa\xed\xfe" + bytes(60)


def elf(machine: int, *, bits: int = 64) -> bytes:
    """The beginning of a shared object for Linux."""
    return b"\x7fELF" + bytes([bits // 32, 1, 1]) + bytes(9) + b"\x03\x00" + machine.to_bytes(2, "little") + bytes(44)


def wheel(
    folder: Path,
    name: str,
    files: Mapping[str, bytes],
    *,
    version: str = "1.0",
    tag: str = ANY,
    requires: Sequence[str] = (),
    requires_python: str = "",
    scripts: str = "",
) -> str:
    """Write a wheel into a folder; the line with its hash for requirements."""
    info = f"{name}-{version}.dist-info"
    metadata = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}"]
    metadata += [f"Requires-Python: {requires_python}"] * bool(requires_python)
    metadata += [f"Requires-Dist: {one}" for one in requires]
    contents = {
        **files,
        f"{info}/METADATA": "\n".join([*metadata, ""]).encode(),
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: false\nTag: {tag}\n".encode(),
    }
    if scripts:
        contents[f"{info}/entry_points.txt"] = f"[console_scripts]\n{scripts}\n".encode()
    record = "".join(f"{path},sha256={_digest(content)},{len(content)}\n" for path, content in contents.items())
    contents[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    path = folder / f"{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for one, content in contents.items():
            # Always the same time, so the same hash.
            archive.writestr(zipfile.ZipInfo(one), content)
    return f"{name}=={version} --hash=sha256:{sha256(path.read_bytes()).hexdigest()}"


def _digest(content: bytes) -> str:
    return urlsafe_b64encode(sha256(content).digest()).rstrip(b"=").decode()
