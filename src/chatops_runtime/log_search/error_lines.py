"""Which lines tell of an error."""

from __future__ import annotations

import re

# Levels, as loggers write them in text and in JSON; errors by the names that languages give them; and what Lambda
# writes: https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html,
# https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
_ERROR = re.compile(
    r"\b(?:ERROR|FATAL|CRITICAL|SEVERE|PANIC|EMERGENCY)\b"
    r'|"(?:level|severity|levelname|log\.level|loglevel)"\s*:\s*"(?i:error|fatal|critical|severe|panic|emergency)"'
    r"|\blevel=(?i:error|fatal|critical|panic)\b"
    r"|\b[A-Za-z_.]*(?:Error|Exception)\b(?=:|\s*$|\()"
    r"|\bTraceback \(most recent call last\)"
    r"|\bTask timed out after\b"
    r"|\bStatus: (?:error|timeout)\b"
    r"|\bpanic:"
)

_LOOKED_AT = 2_000
"""Characters. Where a level stands, it stands in front."""


def is_error(line: str) -> bool:
    """Whether the line tells of an error."""
    return _ERROR.search(line[:_LOOKED_AT]) is not None
