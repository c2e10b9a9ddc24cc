"""The example on a local cloud: what viewers get, what is typed and told, what becomes of the IP sets."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatops_local.app import synth
from chatops_local.cloud import LocalCloud

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chatops_local.server import DeployedStack
    from chatops_local.server.edge import EdgeResponse
    from chatops_local.slack import Message

EXAMPLE = Path(__file__).parents[3] / "examples" / "guarded_site"
TOKYO, VIRGINIA = "ap-northeast-1", "us-east-1"
EDGE, SITE, OPS = "GuardedSiteEdge", "GuardedSite", "GuardedSiteOps"
CHANNEL = "C012OPS34"
# A Monday: the planned window of Sunday is far away, however many minutes pass in a test.
NOW = datetime(2026, 11, 23, tzinfo=timezone.utc)

END_USERS = ("198.51.100.9", "2001:db8:e::9")
OFFICE = ("203.0.113.7", "2001:db8:0:7::7")
DEVELOPERS = ("192.0.2.33", "2001:db8:33::33")
"""Of nobody: https://datatracker.ietf.org/doc/html/rfc5737 and https://datatracker.ietf.org/doc/html/rfc3849."""

LINK = re.compile(r"<(https://[^/|]+)/#([A-Za-z0-9_-]{43})\|")
EVERYONE = (["0.0.0.0/1", "128.0.0.0/1"], ["::/1", "8000::/1"])
NOBODY: tuple[list[str], list[str]] = ([], [])


def synthesised(output: Path) -> Path:
    """The example's cdk.out."""
    return synth(EXAMPLE, output, account="123456789012", region=TOKYO).directories[0]


@contextmanager
def guarded_site(assembly: Path, *, now: datetime = NOW, time_scale: float = 0.05) -> Iterator[GuardedSite]:
    """A local cloud at home in Tokyo with the example."""
    with LocalCloud.start(time_scale=time_scale, region=TOKYO, now=now) as cloud:
        stacks = {stack.name: stack for stack in cloud.deploy_all(assembly)}
        yield GuardedSite(cloud, assembly, stacks)


@dataclass
class GuardedSite:
    """The example, deployed."""

    cloud: LocalCloud
    assembly: Path
    stacks: dict[str, DeployedStack]

    @property
    def host(self) -> str:
        """The site's name."""
        return self.stacks[SITE].outputs["Url"].removeprefix("https://")

    def get(self, path: str = "/", *, viewer: str, accept: str | None = None) -> EdgeResponse:
        """What a viewer gets."""
        headers = {"Accept": accept} if accept else {}
        return self.cloud.server.edge.get(self.host, path, viewer=viewer, headers=headers)

    def statuses(self, path: str = "/", *, viewers: tuple[str, ...] = END_USERS) -> list[int]:
        """Of each viewer."""
        return [self.get(path, viewer=viewer).status for viewer in viewers]

    @property
    def is_closed(self) -> bool:
        """For end users, over both families alike; nobody but they notices."""
        assert self.statuses(viewers=OFFICE) == [200, 200]
        found = self.statuses()
        assert found in ([503, 503], [200, 200])
        return found == [503, 503]

    def say(self, text: str) -> str:
        """Type `/maintenance TEXT` in Slack; what is told in the end. Nothing may go wrong on the way."""
        return self.type(f"/maintenance {text}").shown

    def type(self, line: str) -> Message:
        """Type a command in Slack; what is told in the end. Nothing may go wrong on the way."""
        sent = self.cloud.slack.send(line, channel=CHANNEL)
        (told,) = sent.wait(60)
        assert self.cloud.problems_of(sent) == []
        return told

    def allow_me(self, viewer: tuple[str, str]) -> EdgeResponse:
        """Type `/allow-me`, and press the button on the link's page with an IPv4 and an IPv6 address."""
        told = self.type("/allow-me")
        found = LINK.search(json.dumps([told.text, *told.blocks]))
        assert found, told.shown
        headers = {"Authorization": f"Bearer {found[2]}"}
        post, outputs = partial(self.cloud.server.edge.request, "POST", headers=headers), self.stacks[OPS].outputs
        (ipv4_url,) = [value for name, value in outputs.items() if name.startswith("AllowlistIpv4Url")]
        seen = post(f"{ipv4_url}/seen", viewer=viewer[0])
        assert seen.status == 200, seen.text
        return post(f"{found[1]}/registrations", viewer=viewer[1])

    def order(self, text: str, id: str | None = None) -> str:
        """The same by whoever may invoke the function; what it answers."""
        told = {"version": 1, "kind": "order", "text": text, "by": "release pipeline"}
        answer = self.invoke({**told, "id": id} if id else told)
        assert isinstance(answer, dict)
        return str(answer["mrkdwn"])

    def invoke(self, event: dict[str, Any]) -> Any:
        """Invoke the switch's function.

        Raises:
            AssertionError: it failed; with what it says.
        """
        answer = self.client("lambda").invoke(FunctionName=self.function, Payload=json.dumps(event))
        payload = json.loads(answer["Payload"].read())
        assert "FunctionError" not in answer, payload["errorMessage"]
        return payload

    @property
    def function(self) -> str:
        """The name of the switch's function."""
        return self.edge_id("MaintenanceRunTimeFunction")

    def minutes_pass(self, minutes: int) -> None:
        """Let time go on, and the timer fire; nothing may go wrong."""
        ticks = self.cloud.advance(by=timedelta(minutes=minutes))
        assert [problem for tick in ticks for problem in tick.problems()] == []

    @property
    def addresses(self) -> tuple[list[str], ...]:
        """What is in the switch's two IP sets."""
        return self.addresses_in("MaintenanceSwitch")

    def addresses_in(self, beginning: str) -> tuple[list[str], ...]:
        """What is in the two IP sets of a pair."""
        waf = self.client("wafv2")
        pair = [self.ip_set(f"{beginning}Ipv{version}") for version in (4, 6)]
        found = [waf.get_ip_set(**which)["IPSet"]["Addresses"] for which in pair]
        # However AWS WAF writes them.
        return tuple([str(network) for network in sorted(map(ip_network, addresses))] for addresses in found)

    @property
    def switch(self) -> list[dict[str, str]]:
        """The switch's two IP sets, as AWS WAF's calls name them."""
        return [self.ip_set(f"MaintenanceSwitchIpv{version}") for version in (4, 6)]

    def ip_set(self, beginning: str) -> dict[str, str]:
        """An IP set, as AWS WAF's calls name it."""
        name, id, scope = self.edge_id(beginning).split("|")
        return {"Name": name, "Id": id, "Scope": scope}

    def write_by_hand(self, which: dict[str, str], addresses: list[str]) -> None:
        """Change an IP set as somebody in the console would."""
        waf = self.client("wafv2")
        waf.update_ip_set(**which, Addresses=addresses, LockToken=waf.get_ip_set(**which)["LockToken"])

    def log(self, outcome: str | None = None) -> list[dict[str, Any]]:
        """What the switch's function has logged, the earliest first; all of it, or what has an outcome."""
        lines = [line.message for line in self.cloud.server.function_logs() if '"event": "maintenance"' in line.message]
        return [one for one in map(json.loads, lines) if outcome in (None, one.get("outcome"))]

    def deploy(self, stack: str = EDGE, *, edit: Callable[[dict[str, Any]], None] | None = None) -> None:
        """Deploy a stack anew, perhaps with another template."""
        self.stacks[stack] = self.cloud.server.deploy(self.assembly, stack, edit_template=edit)

    def edge_id(self, beginning: str) -> str:
        """The physical id of the one resource whose logical id begins so and goes on with a hash."""
        return physical_id(self.stacks[EDGE], beginning)

    def client(self, service: str) -> Any:
        """A boto3 client of the region where the switch is."""
        return self.cloud.server.client(service, VIRGINIA)


def physical_id(stack: DeployedStack, beginning: str) -> str:
    """Of the one resource whose logical id begins so and goes on with a hash."""
    (found,) = [physical for logical, physical in stack.physical_ids.items() if logical[:-8] == beginning]
    return found
