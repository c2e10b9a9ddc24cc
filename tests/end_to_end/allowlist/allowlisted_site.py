"""The app on a local cloud: what people type and send, what the table and the IP sets hold, who sees the site."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import ClientError

from chatops_local.app import synth
from chatops_local.cloud import LocalCloud
from tests.end_to_end.scheduled.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from chatops_local.cloud.tick import Tick
    from chatops_local.server import Credentials, DeployedStack
    from chatops_local.server.edge import EdgeResponse
    from chatops_local.slack import SentCommand

APP = Path(__file__).parent / "app"
TOKYO, VIRGINIA = "ap-northeast-1", "us-east-1"
EDGE, OPS, HERE = "AllowlistEdge", "AllowlistOps", "AllowlistHere"
ADMINISTRATOR = "U012ADMIN"
NOW = datetime(2026, 11, 23, tzinfo=timezone.utc)
SHARED_SECRET_PARAMETER = "/allowlist-end-to-end/shared-secret"
SHARED_SECRET = "only-for-this-test-0123456789-abcdefghij"

ALICE = ("198.51.100.23", "2001:db8:a11c:e::23")
BOB = ("203.0.113.80", "2001:db8:b0b::80")
"""Of nobody: https://datatracker.ietf.org/doc/html/rfc5737 and https://datatracker.ietf.org/doc/html/rfc3849."""

ALICES = (["198.51.100.23/32"], ["2001:db8:a11c:e::/64"])
BOBS = (["203.0.113.80/32"], ["2001:db8:b0b::/64"])
NOTHING: tuple[list[str], list[str]] = ([], [])

_LINK = re.compile(r"<(https://[^/|]+)/#([A-Za-z0-9_-]{43})\|")


def synthesised(output: Path) -> Path:
    """The app's cdk.out."""
    return synth(APP, output, account="123456789012", region=TOKYO).directories[0]


@contextmanager
def allowlisted_site(assembly: Path, *, time_scale: float = 0.05) -> Iterator[AllowlistedSite]:
    """A local cloud at home in Tokyo with the app, and with a shared secret."""
    with LocalCloud.start(time_scale=time_scale, region=TOKYO, now=NOW) as cloud:
        stacks = {stack.name: stack for stack in cloud.deploy_all(assembly)}
        cloud.server.put_secret(SHARED_SECRET_PARAMETER, SHARED_SECRET)
        yield AllowlistedSite(cloud, assembly, stacks)


@dataclass
class AllowlistedSite:
    """The app, deployed, and the allow-list of one of its stacks: of that in another region, unless it says so."""

    cloud: LocalCloud
    assembly: Path
    stacks: dict[str, DeployedStack]
    of: str = OPS

    @property
    def here(self) -> AllowlistedSite:
        """The same, of the allow-list in the region of what it keeps."""
        return AllowlistedSite(self.cloud, self.assembly, self.stacks, of=HERE)

    # What people see and send.

    def statuses(self, viewers: tuple[str, ...] = ALICE) -> list[int]:
        """What viewers of the site get, each."""
        host = self.stacks[EDGE].outputs["Url"].removeprefix("https://")
        return [self.cloud.server.edge.get(host, viewer=viewer).status for viewer in viewers]

    @property
    def url(self) -> str:
        """Of the host that is reached over both families."""
        return self._output("AllowlistUrl")

    @property
    def ipv4_url(self) -> str:
        """Of the host without IPv6."""
        return self._output("AllowlistIpv4Url")

    def request(
        self,
        method: str,
        path: str,
        *,
        viewer: str,
        token: str | None = None,
        fields: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        signed_as: Credentials | None = None,
    ) -> EdgeResponse:
        """Send a request over the viewer's family: over IPv4 to the host without IPv6."""
        url = self.url if ":" in viewer else self.ipv4_url
        sent = {"Authorization": f"Bearer {token}"} if token else {}
        return self.cloud.server.edge.request(
            method,
            f"{url}{path}",
            viewer=viewer,
            headers={**sent, **(headers or {})},
            body=b"" if fields is None else json.dumps(fields).encode(),
            signed_as=signed_as,
        )

    def answer(self, method: str, path: str, *, status: int = 200, **options: Any) -> Any:
        """The JSON that a request is answered with."""
        response = self.request(method, path, **options)
        assert response.status == status, response.text
        return json.loads(response.text)

    def register(self, token: str, viewer: tuple[str, str] = ALICE, **options: Any) -> EdgeResponse:
        """What the page does: say over IPv4 that one is there, then register over IPv6."""
        seen = self.request("POST", "/seen", viewer=viewer[0], token=token, **options)
        if seen.status != 200:
            return seen
        return self.request("POST", "/registrations", viewer=viewer[1], token=token, **options)

    def register_in_secret(self, owner: str, viewer: str, secret: str = SHARED_SECRET) -> EdgeResponse:
        """Register by the shared secret."""
        return self.request("POST", "/registrations", viewer=viewer, token=secret, fields={"owner": owner})

    # What they type.

    def send(self, line: str, user: str = "U012ALICE") -> SentCommand:
        """Type a command and wait until it is over."""
        sent = self.cloud.slack.send(line, user=user)
        sent.wait(60)
        return sent

    def say(self, line: str, user: str = "U012ALICE") -> str:
        """Type a command; what is told, to the one who typed it only. Nothing may go wrong on the way."""
        sent = self.send(line, user)
        assert self.cloud.problems_of(sent) == []
        (told,) = sent.results
        assert told.user == user
        return told.shown

    def administer(self, text: str) -> str:
        """The same by who looks after the list."""
        return self.say(f"/allow-list {text}".strip(), ADMINISTRATOR)

    def link(self, user: str = "U012ALICE") -> str:
        """The token of a new link."""
        sent = self.send("/allow-me", user)
        (told,) = sent.results
        assert (told.user, told.unfurls, told.notifies) == (user, (), ())
        found = _LINK.search(json.dumps([told.text, *told.blocks]))
        assert found is not None, told.shown
        assert found[1] == self.url
        return found[2]

    # What there is.

    @property
    def addresses(self) -> tuple[list[str], list[str]]:
        """What is in the two IP sets."""
        waf = self.waf
        ipv4, ipv6 = (waf.get_ip_set(**which)["IPSet"]["Addresses"] for which in self.pair)
        return _written(ipv4), _written(ipv6)

    @property
    def pair(self) -> list[dict[str, str]]:
        """The two IP sets, as AWS WAF's calls name them."""
        stack = self.stacks[EDGE if self.of == OPS else HERE]
        names = [physical_id(stack, f"RegisteredIpv{version}").split("|") for version in (4, 6)]
        return [dict(zip(("Name", "Id", "Scope"), name, strict=True)) for name in names]

    def write_by_hand(self, which: dict[str, str], addresses: list[str]) -> None:
        """Change an IP set as somebody in the console would."""
        self.waf.update_ip_set(**which, Addresses=addresses, LockToken=self.waf.get_ip_set(**which)["LockToken"])

    @property
    def items(self) -> list[dict[str, Any]]:
        """What is in the table, but for what the projection notes about itself, in the order of its keys."""
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=self.table, ConsistentRead=True)
        found = [item for page in pages for item in page["Items"] if item["kind"]["S"] != "projection"]
        return sorted(found, key=lambda item: (item["kind"]["S"], item["id"]["S"]))

    def log(self, event: str = "allowlist_projection", **expected: object) -> list[dict[str, Any]]:
        """What one of the functions has logged, the earliest first; all of it, or what is as expected."""
        groups = self.id("AllowlistProjectionFunctionLogs"), self.id("AllowlistRegistrarLogs")
        lines = [
            line.message
            for line in self.cloud.server.function_logs()
            if line.group in groups and f'"event": "{event}"' in line.message
        ]
        found = map(json.loads, lines)
        return [one for one in found if all(one.get(name) == value for name, value in expected.items())]

    @property
    def healed(self) -> list[dict[str, Any]]:
        """What the projection says of what somebody else had changed."""
        return self.log(outcome="healed")

    # What happens.

    def until_registered(self, expected: tuple[list[str], list[str]]) -> None:
        """Wait until the IP sets hold this and nothing else, without a timer's help."""
        until(lambda: self.addresses == expected, 20)

    def until_let_in(self, viewers: Iterable[str]) -> None:
        """Wait until the site lets them in; without a call of AWS WAF, lest its troubles are this test's."""
        for viewer in viewers:
            until(lambda viewer=viewer: self.statuses((viewer,)) == [200], 20)  # type: ignore[misc]

    def minutes_pass(self, minutes: int) -> list[Tick]:
        """Let time go on, and the timers fire; nothing may go wrong."""
        # Else a projection may begin before and end after: no real one takes minutes.
        until(self.cloud.server.is_quiet)
        ticks = self.cloud.advance(by=timedelta(minutes=minutes))
        assert [problem for tick in ticks for problem in tick.problems()] == []
        return ticks

    def look(self) -> None:
        """Have the projection look now, as the timer does."""
        self.invoke(self.id("AllowlistProjectionFunction"), {"version": 1, "kind": "timer"})

    def order(self, text: str) -> str:
        """An order by whoever may invoke the registrar; what it answers."""
        return str(self.invoke(self.id("AllowlistRegistrar"), order(text))["mrkdwn"])

    def refusal_of(self, role: str) -> str:
        """Have a role of the app's give the order to add 203.0.113.64/26; why it may not, empty if it may."""
        credentials = self.cloud.server.role_credentials(self.id(role))
        client = boto3.client(
            "lambda",
            endpoint_url=self.cloud.server.endpoint_url,
            region_name=TOKYO,
            aws_access_key_id=credentials.access_key_id,
            aws_secret_access_key=credentials.secret_access_key,
            aws_session_token=credentials.session_token,
        )
        payload = json.dumps(order("add 203.0.113.64/26 for 1h office"))
        try:
            client.invoke(FunctionName=self.id("AllowlistRegistrar"), Payload=payload)
        except ClientError as error:
            return str(error)
        return ""

    def invoke(self, function: str, event: dict[str, Any]) -> Any:
        """Invoke a function, which may not fail."""
        answer = self.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event))
        payload = json.loads(answer["Payload"].read())
        assert "FunctionError" not in answer, payload["errorMessage"]
        return payload

    def deploy(self, stack: str, *, edit: Callable[[dict[str, Any]], None] | None = None) -> None:
        """Deploy a stack anew, perhaps with another template."""
        self.stacks[stack] = self.cloud.server.deploy(self.assembly, stack, edit_template=edit)

    def empty(self) -> None:
        """Nobody is registered, and it was never otherwise."""
        sets = {"kind": {"S": "projection"}, "id": {"S": "sets"}}
        # First what the projection knows of the sets, to which all this would be somebody else's doing.
        deletions = [
            {"DeleteRequest": {"Key": {"kind": item["kind"], "id": item["id"]}}} for item in [sets, *self.items]
        ]
        for first in range(0, len(deletions), 25):
            self.dynamodb.batch_write_item(RequestItems={self.table: deletions[first : first + 25]})
        self.look()

    # Where it is.

    @property
    def table(self) -> str:
        """The table's name."""
        return self.id("AllowlistTable")

    @property
    def dynamodb(self) -> Any:
        """A boto3 client."""
        return self.client("dynamodb")

    @property
    def waf(self) -> Any:
        """A boto3 client of the region where the IP sets are."""
        return self.client("wafv2", VIRGINIA if self.of == OPS else TOKYO)

    def client(self, service: str, region: str = TOKYO) -> Any:
        """A boto3 client."""
        return self.cloud.server.client(service, region)

    def id(self, beginning: str) -> str:
        """The physical id of a resource of the allow-list's stack, by its logical id without the hash."""
        return physical_id(self.stacks[self.of], beginning)

    def _output(self, beginning: str) -> str:
        (found,) = [value for name, value in self.stacks[self.of].outputs.items() if name[:-8] == beginning]
        return found


def order(text: str) -> dict[str, Any]:
    """An administrator's, without Slack."""
    return {"version": 1, "kind": "order", "text": text, "by": "security on-call"}


def together(*those: tuple[list[str], list[str]]) -> tuple[list[str], list[str]]:
    """What the two IP sets hold when all of those are registered."""
    return _written(cidr for ipv4, _ in those for cidr in ipv4), _written(cidr for _, ipv6 in those for cidr in ipv6)


def _written(addresses: Iterable[str]) -> list[str]:
    """However AWS WAF writes them, and in whatever order."""
    return sorted(str(ip_network(address)) for address in addresses)


def physical_id(stack: DeployedStack, beginning: str) -> str:
    """Of the one resource whose logical id begins so and goes on with a hash."""
    (found,) = [physical for logical, physical in stack.physical_ids.items() if logical[:-8] == beginning]
    return found
