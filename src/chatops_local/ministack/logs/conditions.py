"""Conditions of Logs Insights: texts that a field has to hold, combined.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html: `like` and a text in quotes find
the text in the field, in its case; `and`, `or`, `not` and parentheses combine conditions. MiniStack knows `like` with
regular expressions only, and takes what it does not know for true; here that is a malformed query.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.logs.answers import RefusedError
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Condition = Callable[[Mapping[str, Any]], bool]

_compile_insights_filter = private("services.cloudwatch_logs:_compile_insights_filter", "stage")

_TOKEN = re.compile(
    r"""\s*(?:(?P<like>(?P<field>@\w+)\s+like\s+(?:"(?P<double>[^"\\]*)"|'(?P<single>[^'\\]*)'))"""
    r"|(?P<word>and|or|not)\b|(?P<bracket>[()]))\s*",
    re.IGNORECASE,
)


def apply() -> None:
    """Evaluate them so."""
    _compile_insights_filter.wrap(_compiled)


def _compiled(original: Untyped) -> Untyped:
    def compile_insights_filter(stage: str) -> Condition | None:
        known: Condition | None = original(stage)
        if known is not None:
            return known
        body = re.sub(r"(?i)^\s*filter\s+", "", stage)
        return _Reader(body).condition()

    return compile_insights_filter


class _Reader:
    """Reads one condition: `or` of `and` of single ones."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[re.Match[str]] = []
        at = 0
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                raise self._malformed()
            self._tokens.append(found)
            at = found.end()

    def condition(self) -> Condition:
        """All of it."""
        whole = self._either()
        if self._tokens:
            raise self._malformed()
        return whole

    def _either(self) -> Condition:
        each = [self._both()]
        while self._take("or"):
            each.append(self._both())
        return lambda record: any(condition(record) for condition in each)

    def _both(self) -> Condition:
        each = [self._single()]
        while self._take("and"):
            each.append(self._single())
        return lambda record: all(condition(record) for condition in each)

    def _single(self) -> Condition:
        if self._take("not"):
            condition = self._single()
            return lambda record: not condition(record)
        if self._take("("):
            inner = self._either()
            if not self._take(")"):
                raise self._malformed()
            return inner
        if not (self._tokens and self._tokens[0]["like"]):
            raise self._malformed()
        token = self._tokens.pop(0)
        text = token["double"] if token["double"] is not None else token["single"]
        field = token["field"]
        return lambda record: text in str(record.get(field, ""))

    def _take(self, word: str) -> bool:
        is_next = bool(self._tokens) and self._tokens[0][0].strip().lower() == word
        if is_next:
            self._tokens.pop(0)
        return is_next

    def _malformed(self) -> RefusedError:
        return RefusedError("MalformedQueryException", f"the local cloud does not understand: filter {self._text}")
