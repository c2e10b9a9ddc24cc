"""The ids of IP sets by their names: AWS WAF wants both, and only the names are known before a deployment."""

from __future__ import annotations

from typing import Any

from chatops_runtime.log_line import LoggableError

PAGE = 100


class IpSetNotFoundError(LoggableError):
    """There is no IP set of that name: its stack is not deployed there."""


class IpSetIds:
    """The ids of the IP sets of one scope in one region, listed when one is asked for that is not known."""

    def __init__(self, client: Any, scope: str) -> None:  # noqa: ANN401 - boto3's clients have no type
        """With boto3's WAFv2 client."""
        self._client = client
        self._scope = scope
        self._ids: dict[str, str] = {}

    def of(self, name: str) -> str:
        """The id of the IP set `name`.

        Raises:
            IpSetNotFoundError: There is none.
        """
        if name not in self._ids:
            self._look_for(name)
        if name not in self._ids:
            raise IpSetNotFoundError(
                f"there is no IP set {name} of scope {self._scope} in {self._client.meta.region_name}: deploy the stack"
                " with its IpSetPair first"
            )
        return self._ids[name]

    def forget(self, name: str) -> None:
        """Look the id up again next time: the set was replaced."""
        self._ids.pop(name, None)

    def _look_for(self, name: str) -> None:
        """Page by page, until it is there: https://docs.aws.amazon.com/waf/latest/APIReference/API_ListIPSets.html."""
        marker: dict[str, str] = {}
        while True:
            page = self._client.list_ip_sets(Scope=self._scope, Limit=PAGE, **marker)
            self._ids.update((summary["Name"], summary["Id"]) for summary in page["IPSets"])
            # A marker may come with the last page as well; the page after it is empty.
            if name in self._ids or not page["IPSets"] or "NextMarker" not in page:
                return
            marker = {"NextMarker": page["NextMarker"]}
