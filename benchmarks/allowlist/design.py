"""One of the two designs on a local cloud: registering, what is in its IP sets, and what happens to it."""

from __future__ import annotations

import json
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from benchmarks.allowlist.crash import kill_function
from benchmarks.allowlist.stacks import OURS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from chatops_local.server import Server

SECRET = "of-nothing-but-this-benchmark-0123456789"


class Design:
    """A design, deployed.

    Attributes:
        name: `OURS` or `PRIOR`.
        writer: The function that writes the IP sets.
    """

    def __init__(self, server: Server, assembly: Path, name: str) -> None:
        """Deploy it."""
        self._server = server
        self._assembly = assembly
        self._resets = 0
        self.name = name
        self._outputs = server.deploy(assembly, name).outputs
        self.writer = self._outputs["Writer"]

    def register(self, viewer: str) -> bool:
        """Register somebody who comes from an address; whether they were told that they are."""
        headers = {"Authorization": f"Bearer {SECRET}"} if self.name == OURS else {}
        path = "/registrations" if self.name == OURS else "/"
        body = json.dumps({"owner": viewer.replace(":", "-")}).encode()
        return self._request("POST", path, viewer, headers=headers, body=body) == 200

    def look(self, viewer: str) -> None:
        """Have a process of the function that faces people started, if all are busy."""
        if self._request("GET", "/address" if self.name == OURS else "/", viewer) != 200:
            raise RuntimeError(f"{self.name}: nobody answers")

    @property
    def addresses(self) -> list[str]:
        """What is in both IP sets."""
        waf = self._server.client("wafv2")
        which = [
            dict(zip(("Name", "Id", "Scope"), self._outputs[name].split("|"), strict=True)) for name in ("Ipv4", "Ipv6")
        ]
        return [str(ip_network(one)) for ip_set in which for one in waf.get_ip_set(**ip_set)["IPSet"]["Addresses"]]

    @property
    def followed(self) -> tuple[int, int]:
        """Of how many ranges of each family the projection last said that the IP sets hold them."""
        lines = [
            one.message for one in self._server.function_logs() if '"event": "allowlist_projection"' in one.message
        ]
        last = json.loads(lines[-1]) if lines else {}
        return last.get("ipv4", 0), last.get("ipv6", 0)

    def crash(self) -> None:
        """End a process that writes the IP sets, after it was told what to write and before it has."""
        waf = self._server.waf
        with waf.hold("GetIPSet"):
            waf.wait_until_held("GetIPSet")
            kill_function(self.writer, most=1)

    def reset(self) -> None:
        """Deploy the stack with something changed about its IP sets, which writes the template's addresses."""
        self._resets += 1

        def describe_otherwise(template: dict[str, Any]) -> None:
            for resource in template["Resources"].values():
                if resource["Type"] == "AWS::WAFv2::IPSet":
                    resource["Properties"]["Description"] = f"described otherwise, {self._resets}"

        self._server.deploy(self._assembly, self.name, edit_template=describe_otherwise)

    def _request(
        self, method: str, path: str, viewer: str, *, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> int:
        url = self._outputs["Url" if ":" in viewer else "Ipv4Url"].rstrip("/")
        sent = self._server.edge.request(method, f"{url}{path}", viewer=viewer, headers=headers, body=body)
        return sent.status
