"""What machine a file was compiled for, by its first bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html: class and byte order, then e_machine at 18.
_ELF = b"\x7fELF"
_CLASSES = {1: "32-bit", 2: "64-bit"}
_BYTE_ORDERS = {1: "little", 2: "big"}
_MACHINES = {3: "x86", 8: "MIPS", 20: "PowerPC", 21: "PowerPC", 22: "s390x", 40: "arm", 62: "x86_64", 183: "aarch64"}
_MACHINES |= {243: "RISC-V", 247: "BPF"}
_HEADER = 20
# https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/loader.h and …/fat.h. A fat file
# begins as a Java class does, which has a version of 45 or more where a fat file has its few architectures.
_MACH_O = (b"\xfe\xed\xfa\xce", b"\xce\xfa\xed\xfe", b"\xfe\xed\xfa\xcf", b"\xcf\xfa\xed\xfe")
_FAT = b"\xca\xfe\xba\xbe"
_OLDEST_JAVA = 45
# Python and Windows load these; an .exe beside them is data, such as the launchers that setuptools brings.
_LOADED_BY_WINDOWS = (".pyd", ".dll")
_LOADED_BY_MACOS = ".dylib"


def compiled_for(path: Path) -> str | None:
    """`64-bit aarch64 Linux`, `macOS`, `Windows`, or None for a file that is not compiled.

    Args:
        path: The file.
    """
    with path.open("rb") as file:
        header = file.read(_HEADER)
    if header.startswith(_ELF) and len(header) == _HEADER:
        order = _BYTE_ORDERS.get(header[5], "little")
        machine = int.from_bytes(header[18:20], "big" if order == "big" else "little")
        return f"{_CLASSES.get(header[4], 'odd')} {_MACHINES.get(machine, f'machine {machine}')} Linux"
    if path.suffix == _LOADED_BY_MACOS or header.startswith(_MACH_O) or _is_fat(header):
        return "macOS"
    if path.suffix in _LOADED_BY_WINDOWS:
        return "Windows"
    return None


def _is_fat(header: bytes) -> bool:
    return header.startswith(_FAT) and int.from_bytes(header[4:8], "big") < _OLDEST_JAVA
