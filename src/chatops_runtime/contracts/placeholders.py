"""Values that somebody wrote where a secret should be, to be replaced later."""

from __future__ import annotations

import re

_SEPARATOR = "[-_ ]?"
_OBJECT = "(value|secret|token|key|password)"
_PLACEHOLDER = re.compile(
    "|".join(
        [
            "x{3,}|[*]{3,}|[.]{3,}|…|[-_]{3,}|[?]{2,}",
            # Something in brackets of a template; one pair only, as XML may be a secret.
            r"<[^<>]*>|\$\{[^{}]*\}|\{\{[^{}]*\}\}|%[^%]*%",
            f"(change|replace|fix|fill){_SEPARATOR}(me|this|it|in)",
            "(todo|tbd|fixme)([:;,. ].*)?",
            f"(dummy|placeholder|example|sample|fake){_SEPARATOR}{_OBJECT}?",
            f"(my|your|the|some|a|an){_SEPARATOR}(api|bot|slack|signing|secret|access)?{_SEPARATOR}{_OBJECT}",
            "(insert|put|enter|paste|add|type)[-_ ].*here",
            "none|null|nil|undefined|n/?a|empty|unset",
        ]
    ),
    re.IGNORECASE | re.DOTALL,
)


def is_placeholder(value: str) -> bool:
    """Whether `value` is no secret but stands where one should be: `changeme`, `<token>`, `TODO`, `xxxx`.

    As it stops a handler, it names what nobody has as a secret; a secret that merely begins like one of these passes.
    """
    return _PLACEHOLDER.fullmatch(value.strip()) is not None
