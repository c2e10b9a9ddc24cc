"""Pages of a list: `MaxResults` and `NextToken`."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING, Any, TypeVar

from .errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Item = TypeVar("Item")

LARGEST_PAGE = 50


def page(
    items: Sequence[Item], request: Mapping[str, Any], identity: Callable[[Item], str]
) -> tuple[Sequence[Item], dict[str, str]]:
    """The page that `request` asks for, and the answer's `NextToken` if there is more.

    A token names the last item of its page, so that items which come in at the front move no page.
    """
    identities = [identity(item) for item in items]
    start = _position_after(request["NextToken"], identities) if request.get("NextToken") else 0
    end = start + request.get("MaxResults", LARGEST_PAGE)
    token = {"NextToken": _token(identities[end - 1])} if end < len(items) else {}
    return items[start:end], token


def _token(identity: str) -> str:
    return urlsafe_b64encode(identity.encode()).decode()


def _position_after(token: str, identities: Sequence[str]) -> int:
    try:
        return identities.index(urlsafe_b64decode(token.encode()).decode()) + 1
    except ValueError:  # not base64, not UTF-8, or an item that is not in this list
        raise ServiceError("InvalidNextToken", "NextToken is not one that this list has given out") from None
