"""What is searched for: text, whatever stands in it.

What people type never becomes syntax. Neither language documents how a quote is written inside quotes, so none has to
be: a text is split where a character is special, CloudWatch Logs finds the lines in which all the pieces are, and of
those only lines that hold the text as it is are taken.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html: a term in double quotes is matched
exactly, `%` begins a regular expression, and `?` stands before terms of which one is enough.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html: `like` and a string find that
string in the field.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Beside them, all that cannot be printed.
_SPECIAL = re.compile(r"""["\\%\x00-\x1f\x7f]""")
_SEARCHABLE = re.compile(r"\w")

# X-Ray's header: https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
_TRACE_HEADER = re.compile(r"(?:X-Amzn-Trace-Id:\s*)?(?:\w+=[^;]*;)*\s*Root=(?P<id>[^;\s]+)(?:;.*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Term:
    """Texts, of which a line has to hold at least one, in upper and lower case as they are."""

    texts: tuple[str, ...]

    @classmethod
    def typed(cls, text: str) -> Term:
        """What a user typed; of X-Ray's header, with which a trace id is often copied, that id."""
        header = _TRACE_HEADER.fullmatch(text.strip())
        return cls((header["id"] if header else text,))

    @property
    def is_searchable(self) -> bool:
        """Whether each text has a letter or a digit, without which CloudWatch Logs would hand out every line."""
        return all(map(_pieces, self.texts))

    def matches(self, message: str) -> bool:
        """Whether a line holds it."""
        return any(text in message for text in self.texts)

    @property
    def filter_pattern(self) -> str:
        """A pattern for FilterLogEvents that every line matches which holds it."""
        if len(self.texts) == 1:
            return " ".join(f'"{piece}"' for piece in _pieces(self.texts[0]))
        return " ".join(f'?"{max(_pieces(text), key=len)}"' for text in self.texts)

    @property
    def insights_condition(self) -> str:
        """A condition for Logs Insights that every line meets which holds it."""
        return " or ".join(
            "(" + " and ".join(f'@message like "{piece}"' for piece in _pieces(text)) + ")" for text in self.texts
        )


def _pieces(text: str) -> list[str]:
    return [piece for piece in _SPECIAL.split(text) if _SEARCHABLE.search(piece)]
