"""Starts AWS's runtime client in a process whose wall clock is shifted: `python shifted_clock.py FILE HANDLER`.

Python's `time` and `datetime` then say this machine's time and so many seconds as FILE says, which may change at any
time. What measures durations, `time.monotonic` and `time.sleep`, stays as it is, and so does what C code reads.
"""

from __future__ import annotations

import datetime
import mmap
import os
import runpy
import struct
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS = struct.Struct("d")


def main(file: str, handler: str) -> None:
    """Shift the clock, and become the runtime client as `python -m awslambdaric` would start it."""
    sys.argv[1:] = [handler]
    sys.path[0] = os.getcwd()  # noqa: PTH109 - without pathlib a function starts sooner
    shift_clock(_reading(file))
    runpy.run_module("awslambdaric", run_name="__main__", alter_sys=True)


def shift_clock(shift: Callable[[], float]) -> None:
    """Let `time` and `datetime` add `shift()` seconds to the time of this machine."""
    real_time, real_time_ns = time.time, time.time_ns
    changed: dict[str, object] = {
        "time": lambda: real_time() + shift(),
        "time_ns": lambda: real_time_ns() + round(shift() * 1e9),
        "gmtime": _now_by_default(time.gmtime),
        "localtime": _now_by_default(time.localtime),
        "ctime": _now_by_default(time.ctime),
        "asctime": _local_by_default(time.asctime),
        "strftime": _local_by_default(time.strftime, 1),
    }
    for name, function in changed.items():
        setattr(time, name, function)
    for shifted, real in _REAL.items():
        shifted.__name__ = shifted.__qualname__ = real.__name__
        shifted.__module__ = real.__module__
        setattr(datetime, real.__name__, shifted)


def _reading(file: str) -> Callable[[], float]:
    descriptor = os.open(file, os.O_RDONLY)
    shared = mmap.mmap(descriptor, SECONDS.size, prot=mmap.PROT_READ)
    os.close(descriptor)
    return lambda: float(SECONDS.unpack_from(shared)[0])


def _now_by_default(convert: Callable[[float], Any]) -> Callable[..., Any]:
    """`convert`, which takes seconds, and the time that it is without."""

    def converted(seconds: float | None = None, /) -> Any:  # noqa: ANN401 - what `convert` returns
        return convert(time.time() if seconds is None else seconds)

    return converted


def _local_by_default(convert: Callable[..., Any], leading: int = 0) -> Callable[..., Any]:
    """`convert`, which after so many arguments takes a `struct_time`, and the local time that it is without."""

    def converted(*arguments: Any) -> Any:  # noqa: ANN401 - what `convert` takes and returns
        return convert(*arguments) if len(arguments) > leading else convert(*arguments, time.localtime())

    return converted


class _Stands(type):
    """The type of a class that stands for another: what is one of those, made by C code for instance, is of it."""

    def __instancecheck__(cls, instance: object) -> bool:
        real = _REAL.get(cls)
        return isinstance(instance, real) if real else super().__instancecheck__(instance)

    def __subclasscheck__(cls, subclass: type) -> bool:
        real = _REAL.get(cls)
        return issubclass(subclass, real) if real else super().__subclasscheck__(subclass)


class _Date(datetime.date, metaclass=_Stands):
    @classmethod
    def today(cls) -> Any:  # noqa: ANN401 - of whatever class it is called
        return cls.fromtimestamp(time.time())


class _Datetime(datetime.datetime, metaclass=_Stands):
    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> Any:  # noqa: ANN401 - of whatever class it is called
        return cls.fromtimestamp(time.time(), tz)

    @classmethod
    def today(cls) -> Any:  # noqa: ANN401 - of whatever class it is called
        return cls.fromtimestamp(time.time())

    @classmethod
    def utcnow(cls) -> Any:  # noqa: ANN401 - of whatever class it is called
        return cls.fromtimestamp(time.time(), datetime.timezone.utc).replace(tzinfo=None)


_REAL: dict[type, type] = {_Date: datetime.date, _Datetime: datetime.datetime}

if __name__ == "__main__":
    main(*sys.argv[1:])
