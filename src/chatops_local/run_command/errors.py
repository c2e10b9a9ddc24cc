"""The one error of the emulation: an AWS error with its code."""

from __future__ import annotations

NOT_EMULATED = "NotEmulated"
"""Not an AWS code: something that AWS knows and this emulation does not. It is refused by name, never waved through."""


class ServiceError(Exception):
    """What Systems Manager would answer with status 400.

    Attributes:
        code: The AWS error code, such as `InvalidDocument`.
        message: One sentence for people. Never a parameter's value: values may be secrets.
    """

    def __init__(self, code: str, message: str) -> None:
        """Take code and message as AWS spells them."""
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def not_emulated(what: str, instead: str) -> ServiceError:
    """The error for something that AWS has and this emulation lacks."""
    return ServiceError(NOT_EMULATED, f"the local Run Command does not emulate {what}; {instead}")
