"""Strategies for what a stranger may send: texts of all code points, events of all shapes."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""How long an example takes is no property of what is tested."""

ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=40)
"""With NULs, and with halves of surrogate pairs, which JSON can write and UTF-8 cannot."""

_ODD_PARTS = (
    *("\0", "\ud800", "\u202e", "\x1b[2J", "\r\n", "\n", "\xa0", "\u3000", "é", "雪", "🚀"),
    *("%", "%00", "%zz", "&", "=", "+", "<!channel>", "`", "```", "\\", '"', "'", "{{", "$(id)", "${x}"),
    *(" ", "help", "restart", "canaryTyped"),
)

ODD_TEXT = st.lists(st.sampled_from(_ODD_PARTS) | ANY_TEXT, max_size=12).map("".join)

UTF8_TEXT = ODD_TEXT.map(lambda text: text.encode("utf-8", "ignore").decode())
"""What a form can carry."""

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | ANY_TEXT,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(ANY_TEXT, children, max_size=4),
    max_leaves=12,
)


def maybe(genuine: Any, instead: st.SearchStrategy[Any] = ANY_JSON) -> st.SearchStrategy[Any]:
    """The genuine value, more often than not, or another one."""
    return st.sampled_from([True, True, False]).flatmap(lambda keep: st.just(genuine) if keep else instead)


def partial(**values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with some of these keys, and perhaps one that nobody knows."""
    known = st.fixed_dictionaries({}, optional=values)
    return st.builds(lambda one, more: {**more, **one}, known, st.dictionaries(ANY_TEXT, ANY_JSON, max_size=1))
