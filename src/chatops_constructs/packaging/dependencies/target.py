"""The machine and the Python that packages are built for."""

from __future__ import annotations

import platform
import sys
import sysconfig
from dataclasses import dataclass

# AWS's word for an architecture, and that of wheels and of `uname -m`.
_MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}
# Python up to 3.11 runs on Amazon Linux 2 with glibc 2.26, newer ones on Amazon Linux 2023 with glibc 2.34
# (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html,
# https://docs.aws.amazon.com/linux/al2023/ug/compare-with-al2.html). uv knows no platform between 2.17, which is
# manylinux2014, and 2.28.
_FIRST_ON_AMAZON_LINUX_2023 = (3, 12)
_GLIBC_OF_AMAZON_LINUX_2023 = 34
_GLIBC_OF_AMAZON_LINUX_2 = 17


@dataclass(frozen=True)
class Target:
    """A machine and a Python.

    Attributes:
        machine: `aarch64` or `x86_64`, as wheels call it.
        python: Major and minor version.
        glibc: The newest C library that wheels may ask for, 2.x; None for the machine that synthesises.
        name: `linux/arm64/3.14`, or `host` for the machine that synthesises.
        fingerprint: What tells it from every other, that machine's own details among them.
    """

    machine: str
    python: tuple[int, int]
    glibc: int | None
    name: str
    fingerprint: str

    @classmethod
    def of_function(cls, *, runtime: str, architecture: str) -> Target:
        """Where Lambda runs a function.

        Args:
            runtime: Lambda's name, such as `python3.14`.
            architecture: `arm64` or `x86_64`.
        """
        major, minor = runtime.removeprefix("python").split(".")
        python = (int(major), int(minor))
        newer = python >= _FIRST_ON_AMAZON_LINUX_2023
        name = f"linux/{architecture}/{major}.{minor}"
        return cls(
            machine=_MACHINES[architecture],
            python=python,
            glibc=_GLIBC_OF_AMAZON_LINUX_2023 if newer else _GLIBC_OF_AMAZON_LINUX_2,
            name=name,
            fingerprint=name,
        )

    @classmethod
    def host(cls) -> Target:
        """This machine and this Python, for functions that run here."""
        details = ("host", sysconfig.get_platform(), sysconfig.get_config_var("SOABI") or sys.version)
        return cls(
            machine=platform.machine(),
            python=sys.version_info[:2],
            glibc=None,
            name="host",
            fingerprint="/".join(details),
        )

    @property
    def is_host(self) -> bool:
        """Whether it is the machine that synthesises."""
        return self.glibc is None

    @property
    def version(self) -> str:
        """The Python version, `3.14`."""
        return ".".join(map(str, self.python))

    def __str__(self) -> str:
        """As it is told to people."""
        return "this machine" if self.is_host else f"Python {self.version} on {self.name.split('/')[1]} Linux"
