"""AWS refuses what is signed more than five minutes off its own time. Its answer says what that is.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html. Imported when AWS refuses, since
it happens hardly ever and would cost every cold start.
"""

from __future__ import annotations

from calendar import timegm

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# Some of these have other causes as well, a wrong key for one; only a difference between the clocks tells.
_CODES = frozenset(
    {
        "AuthFailure",
        "InvalidSignatureException",
        "RequestExpired",
        "RequestInTheFuture",
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
    }
)
_LEAST_SECONDS = 60.0
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def skew(code: str, headers: Mapping[str, str], now: float) -> float | None:
    """By how many seconds AWS's clock is ahead of `now`, or None when that is not why it refused.

    Args:
        code: AWS's error code.
        headers: Of its answer, names in lower case.
        now: What the request was signed with, in seconds since 1970.
    """
    if code not in _CODES:
        return None
    server_time = _seconds(headers.get("date", ""))
    if server_time is None or abs(server_time - now) < _LEAST_SECONDS:
        return None
    return server_time - now


def _seconds(date: str) -> float | None:
    """A date of HTTP, `Sun, 22 Nov 2026 08:00:00 GMT`, in seconds since 1970; None for anything else."""
    try:
        _, day, month, year, time_of_day, zone = date.split()
        hours, minutes, seconds = map(int, time_of_day.split(":"))
        if zone != "GMT":
            return None
        return timegm((int(year), _MONTHS.index(month) + 1, int(day), hours, minutes, seconds))
    except ValueError:
        return None
