"""What becomes of people who register themselves in an allow-list, and of what they register."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from tests.iam.apps import Story
from tests.iam.stories import slack

if TYPE_CHECKING:
    from chatops_local.server import Credentials
    from tests.iam.laboratory import Laboratory

USER = "U012ALICE"
SECRET = "only-for-this-test-0123456789-abcdefghij"
# Of nobody: https://datatracker.ietf.org/doc/html/rfc5737 and https://datatracker.ietf.org/doc/html/rfc3849
VIEWER = ("198.51.100.23", "2001:db8:a11c:e::23")

_LINK = re.compile(r"<https://[^/|]+/#([A-Za-z0-9_-]{43})\|")
_IAM = "/iam/registrations"


class Allowlist:
    """An allow-list by its id, and the id of the pair of IP sets that it keeps."""

    def __init__(self, id: str = "Allowlist", pair: str = "Developers") -> None:
        self._id = id
        self._pair = pair

    def by_link(self) -> tuple[Story, ...]:
        """What people do who get links in Slack, and what time does with what they registered."""
        return (
            Story("somebody looks at the page", self._looks_at_page),
            Story("somebody registers by a link", self._registers),
            Story("somebody asks what is registered", self._asks),
            Story("what is registered expires", self._expires),
            Story("whoever may invoke anything gives orders", self._orders),
            Story("the allow-list looks at the time", self._looks_at_time),
        )

    def by_secret(self) -> Story:
        """What calls itself something registers."""

        def tell(laboratory: Laboratory) -> None:
            fields = {"owner": "build-7"}
            self._request(laboratory, "POST", "/registrations", VIEWER[0], token=SECRET, fields=fields)
            self._until_let_in(laboratory, 4)

        return Story("something registers by the shared secret", tell)

    def signed(self, role: str) -> tuple[Story, ...]:
        """What a role may do that may register."""

        def story(method: str, family: int) -> Story:
            def tell(laboratory: Laboratory) -> None:
                credentials = laboratory.cloud.server.role_credentials(laboratory.id(role))
                self._request(laboratory, method, _IAM, VIEWER[family == 6], signed_as=credentials)

            return Story(f"{role} calls {method} {_IAM} over IPv{family}", tell)

        return tuple(story(method, family) for method in ("POST", "GET", "DELETE") for family in (4, 6))

    def administered(self, role: str, *, channel: str) -> tuple[Story, ...]:
        """What those do who look after the list, in Slack's channel and in a role."""

        def lists(laboratory: Laboratory) -> None:
            slack.said(laboratory, "/allow-list list", channel=channel)

        def revokes(laboratory: Laboratory) -> None:
            self._registers(laboratory)
            slack.said(laboratory, f"/allow-list revoke slack:{USER}", channel=channel)
            laboratory.until(lambda: self.addresses(laboratory) == set())

        def orders(laboratory: Laboratory) -> None:
            self._order(laboratory, laboratory.client_as(role, "lambda"), "add 203.0.113.64/26 for 1h office")

        return (
            Story("the list is asked for", lists),
            Story("somebody is let in no longer", revokes),
            Story(f"{role} gives an order", orders),
        )

    def empty(self, laboratory: Laboratory) -> None:
        """Nobody is registered, and it was never otherwise."""
        table = laboratory.id(f"{self._id}Table")
        dynamodb = laboratory.client_of(table, "dynamodb")
        for item in dynamodb.scan(TableName=table)["Items"]:
            dynamodb.delete_item(TableName=table, Key={name: item[name] for name in ("kind", "id")})
        self._look(laboratory)

    def addresses(self, laboratory: Laboratory) -> set[str]:
        """What is in the two IP sets."""
        found = set()
        for version in (4, 6):
            physical_id = laboratory.id(f"{self._pair}Ipv{version}")
            which = dict(zip(("Name", "Id", "Scope"), physical_id.split("|"), strict=True))
            waf = laboratory.client_of(physical_id, "wafv2")
            found.update(waf.get_ip_set(**which)["IPSet"]["Addresses"])
        return {str(ip_network(address)) for address in found}

    def _looks_at_page(self, laboratory: Laboratory) -> None:
        for viewer in VIEWER:
            self._request(laboratory, "GET", "/address", viewer)

    def _registers(self, laboratory: Laboratory) -> None:
        sent = laboratory.cloud.slack.send("/allow-me", user=USER)
        (told,) = sent.wait()
        found = _LINK.search(json.dumps([told.text, *told.blocks]))
        assert found, told.shown
        for method, path, viewer in (
            ("GET", "/link", VIEWER[0]),
            ("POST", "/seen", VIEWER[0]),
            ("POST", "/registrations", VIEWER[1]),
        ):
            self._request(laboratory, method, path, viewer, token=found[1])
        for family in (4, 6):
            self._until_let_in(laboratory, family)

    def _asks(self, laboratory: Laboratory) -> None:
        slack.said(laboratory, "/allow-me list", user=USER)

    def _expires(self, laboratory: Laboratory) -> None:
        self._registers(laboratory)
        # The longest that an example lets anybody in, and a sweep or two.
        for hours in (11, 1, 1):
            laboratory.cloud.server.shift_clocks(laboratory.cloud.server.clock_shift + hours * 3600)
            self._look(laboratory)
        laboratory.until(lambda: self.addresses(laboratory) == set())

    def _orders(self, laboratory: Laboratory) -> None:
        invoker = laboratory.client_of(laboratory.id(f"{self._id}Registrar"), "lambda")
        for text in ("list", f"revoke slack:{USER}"):
            self._order(laboratory, invoker, text)

    def _order(self, laboratory: Laboratory, invoker: Any, text: str) -> None:
        order = {"version": 1, "kind": "order", "text": text, "by": "security on-call"}
        answer = invoker.invoke(FunctionName=laboratory.id(f"{self._id}Registrar"), Payload=json.dumps(order))
        assert "FunctionError" not in answer, answer["Payload"].read()

    def _looks_at_time(self, laboratory: Laboratory) -> None:
        ticks = laboratory.cloud.advance(by=timedelta(minutes=1))
        problems = [problem for tick in ticks for problem in tick.problems()]
        assert problems == [], problems

    def _until_let_in(self, laboratory: Laboratory, family: int) -> None:
        laboratory.until(lambda: any(ip_network(one).version == family for one in self.addresses(laboratory)))

    def _look(self, laboratory: Laboratory) -> None:
        function = laboratory.id(f"{self._id}ProjectionFunction")
        event = json.dumps({"version": 1, "kind": "timer"})
        answer = laboratory.client_of(function, "lambda").invoke(FunctionName=function, Payload=event)
        assert "FunctionError" not in answer, answer["Payload"].read()

    def _request(
        self,
        laboratory: Laboratory,
        method: str,
        path: str,
        viewer: str,
        *,
        token: str | None = None,
        fields: dict[str, Any] | None = None,
        signed_as: Credentials | None = None,
    ) -> None:
        """Send a request over the viewer's family: over IPv4 to the host without IPv6."""
        beginning = f"{self._id}{'' if ':' in viewer else 'Ipv4'}Url"
        (url,) = [
            value
            for stack in laboratory.stacks.values()
            for name, value in stack.outputs.items()
            if name[:-8] == beginning
        ]
        answer = laboratory.cloud.server.edge.request(
            method,
            f"{url}{path}",
            viewer=viewer,
            headers={"Authorization": f"Bearer {token}"} if token else {},
            body=json.dumps(fields).encode() if fields else b"",
            signed_as=signed_as,
        )
        assert answer.status == 200, answer.text
