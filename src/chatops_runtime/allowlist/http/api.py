"""The routes of the two HTTP APIs: `chatops_runtime.contracts.allowlist`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.allowlist import ranges
from chatops_runtime.allowlist.http.request import Request
from chatops_runtime.allowlist.http.response import HttpError, answer
from chatops_runtime.allowlist.page.response import page
from chatops_runtime.allowlist.registrations import FullError
from chatops_runtime.allowlist.shared_secret import SecretUnreadableError
from chatops_runtime.allowlist.table import BusyError
from chatops_runtime.contracts import allowlist as contract
from chatops_runtime.contracts.ip_ranges import IpRangeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_runtime.allowlist.http.bearer import ByBearer
    from chatops_runtime.allowlist.http.signed import BySignature
    from chatops_runtime.allowlist.settings import Settings

    Route = Callable[[Request, float, dict[str, Any]], dict[str, Any]]

RETRY_SECONDS = "5"


class Api:
    """Answers requests."""

    def __init__(self, settings: Settings, bearer: ByBearer, signature: BySignature) -> None:
        """With what answers for whoever has a token, and for whoever signs."""
        self._settings = settings
        self._routes: dict[str, dict[str, Route]] = {
            contract.PAGE_PATH: {"GET": self._page},
            contract.ADDRESS_PATH: {"GET": self._address},
            contract.LINK_PATH: {"GET": bearer.link},
            contract.SEEN_PATH: {"POST": bearer.seen},
            contract.REGISTRATIONS_PATH: {"POST": bearer.register},
            contract.IAM_REGISTRATIONS_PATH: {
                "GET": signature.list,
                "POST": signature.register,
                "DELETE": signature.revoke,
            },
        }

    def answer(self, event: dict[str, Any], *, deadline: float, facts: dict[str, Any]) -> dict[str, Any]:
        """The response to a request.

        Args:
            event: Lambda's, of an HTTP API.
            deadline: Unix time in seconds, until which others who write are waited for.
            facts: Of the log line, to which is added what happened.
        """
        try:
            response = self._routed(event, deadline, facts)
        except HttpError as error:
            response = error.response()
            facts.update(refused=error.code)
        facts.update(status=response["statusCode"])
        return response

    def _routed(self, event: dict[str, Any], deadline: float, facts: dict[str, Any]) -> dict[str, Any]:
        facts.update(source=event["requestContext"]["http"].get("sourceIp"))
        request = Request.from_event(event)
        routes = self._routes.get(request.path)
        if routes is None:
            raise HttpError(404, "not_found", f"there is nothing here; the page is at {contract.PAGE_PATH}")
        # Not before: a path that is none of ours may be anything, such as a token that was put in the wrong place.
        facts.update(path=request.path)
        route = routes.get(request.method)
        if route is None:
            allowed = ", ".join(routes)
            raise HttpError(405, "method_not_allowed", f"here one may {allowed}", {"allow": allowed})
        facts.update(method=request.method)
        try:
            return route(request, deadline, facts)
        except IpRangeError as error:
            raise HttpError(400, "address_refused", str(error)) from None
        except FullError as error:
            raise HttpError(409, "full", str(error)) from None
        except BusyError:
            raise _later("busy", "too many register at this moment; try again in a few seconds") from None
        except SecretUnreadableError:
            raise _later("unavailable", "it is not known at this moment who may register; try again later") from None

    def _page(self, request: Request, deadline: float, facts: dict[str, Any]) -> dict[str, Any]:
        del deadline, facts
        return page(
            url=self._settings.url,
            ipv4_url=self._settings.ipv4_url,
            valid_seconds=self._settings.valid_seconds,
            accept_language=request.headers.get("accept-language"),
        )

    def _address(self, request: Request, deadline: float, facts: dict[str, Any]) -> dict[str, Any]:
        del deadline, facts
        network = ranges.of_caller(request.source, ipv6_prefix=self._settings.ipv6_prefix)
        return answer({"address": request.source, "family": network.version, "cidr": str(network)})


def _later(code: str, message: str) -> HttpError:
    return HttpError(503, code, message, {"retry-after": RETRY_SECONDS})
