"""More than AWS WAF inspects.

https://docs.aws.amazon.com/waf/latest/developerguide/waf-oversize-request-components.html
"""

from __future__ import annotations


class Oversize(Exception):  # noqa: N818 - it is an outcome of a statement, not an error
    """The statement is decided by what it says about such requests.

    Args:
        matches: whether the request matches.
    """

    def __init__(self, *, matches: bool) -> None:
        """Keep the outcome."""
        super().__init__(matches)
        self.matches = matches
