"""An allow-list whose table and IP sets are in memory, with a clock that stands still until it is moved."""

from __future__ import annotations

import json
import re
from typing import Any

from chatops_runtime.allowlist.look import Look
from chatops_runtime.allowlist.registrar import Registrar
from chatops_runtime.allowlist.registrations import Registrations
from chatops_runtime.allowlist.settings import Settings
from chatops_runtime.allowlist.shared_secret import SharedSecret
from chatops_runtime.allowlist.table import Table, passes
from chatops_runtime.ip_sets.pair import IpSetPair
from chatops_runtime.ip_sets.patience import Patience
from tests.runtime.allowlist.fake_dynamodb import FakeDynamoDb
from tests.runtime.ip_sets.fake_waf import NAMES, FakeWaf

NOON = 1_795_348_800.0
SECRET = "correct-horse-battery-staple-and-more"
URL = "https://dual.execute-api.ap-northeast-1.amazonaws.com"
IPV4_URL = "https://four.execute-api.ap-northeast-1.amazonaws.com"
SETTINGS = Settings(url=URL, ipv4_url=IPV4_URL, valid_seconds=36_000, ipv6_prefix=64, link_seconds=600)
ARN = "arn:aws:sts::123456789012:assumed-role/Developer/alice"
IPV4 = "198.51.100.7"
IPV6 = "2001:db8:1:2::7"


def http(
    method: str,
    path: str,
    *,
    source: str = IPV6,
    bearer: str | None = None,
    arn: str | None = None,
    body: object = None,
    query: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> dict[str, Any]:
    """An HTTP API's event: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html."""
    authorization = {} if bearer is None else {"authorization": f"Bearer {bearer}"}
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {**authorization, **(headers or {})},
        "requestContext": {
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": source, "userAgent": "curl"},
            "stage": "$default",
        },
        "isBase64Encoded": False,
    }
    if arn is not None:
        event["requestContext"]["authorizer"] = {"iam": {"userArn": arn, "accountId": "123456789012"}}
    if query is not None:
        event["queryStringParameters"] = query
    if body is not None:
        event["body"] = body if isinstance(body, str) else json.dumps(body)
    return event


def command(text: str = "", *, user: str = "U1", name: str = "alice", **more: object) -> dict[str, Any]:
    return {
        "version": 1,
        "command": "/allow-me",
        "text": text,
        "team_id": "T1",
        "user": {"id": user, "name": name},
        "channel": {"id": "C1", "name": "ops"},
        "request_id": "abc",
        **more,
    }


class AllowlistDouble:
    """Both functions but their entry points."""

    def __init__(self, secret: str | None = SECRET) -> None:
        self.time = NOON
        self.secret = secret
        self.secret_reads = 0
        self.dynamodb = FakeDynamoDb()
        self.waf = FakeWaf(lambda: self.time)
        patience = Patience(lambda: self.time, self._sleep, lambda _, most: most, passes=passes, first_pause=0.05)
        self.table = Table(self.dynamodb, "Table", patience)
        self.registrations = Registrations(self.table, lambda: self.time)
        self.pair = IpSetPair(NAMES, self.waf, Patience(lambda: self.time, self._sleep, lambda _, most: most))
        shared = SharedSecret("/ops/secret", self._read_secret, lambda: self.time)
        self.registrar = Registrar(SETTINGS, self.table, shared if secret else None, lambda: self.time)
        self.facts: dict[str, Any] = {}

    def ask(self, event: dict[str, Any]) -> dict[str, Any]:
        """What the registrar answers."""
        self.facts = {}
        return self.registrar.answer(event, "request-1", deadline=self.time + 5, facts=self.facts)

    def http(self, method: str, path: str, **options: Any) -> tuple[int, dict[str, Any]]:
        """Status and body."""
        response = self.ask(http(method, path, **options))
        return response["statusCode"], json.loads(response["body"])

    def say(self, text: str = "", **options: Any) -> str:
        """What somebody is answered in Slack."""
        reply = self.ask(command(text, **options))
        assert reply["visible"] == "user"
        return str(reply["mrkdwn"])

    def order(self, text: str) -> str:
        """What an administrator is answered."""
        return str(self.ask({"version": 1, "kind": "order", "text": text, "by": "security on-call"})["mrkdwn"])

    def link(self, **options: Any) -> str:
        """The token of a new link."""
        found = re.search(rf"<{re.escape(URL)}/#([^|]+)\|", self.say(**options))
        assert found
        return found[1]

    def look(self) -> Look:
        """One run of the projection."""
        look = Look(self.table, self.pair, lambda: self.time)
        look.look(deadline=self.time + 30)
        return look

    def count(self, family: int) -> int:
        item = self.dynamodb.items.get(("count", str(family)), {"entries": {"N": "0"}})
        return int(item["entries"]["N"])

    def entries(self) -> dict[str, str]:
        """By the id of the item, its range."""
        return {id: item["cidr"]["S"] for (kind, id), item in self.dynamodb.items.items() if kind == "entry"}

    def _read_secret(self, name: str) -> str:
        assert name == "/ops/secret"
        self.secret_reads += 1
        if self.secret is None:
            raise RuntimeError("canary: Parameter Store is away")
        return self.secret

    def _sleep(self, seconds: float) -> None:
        self.time += seconds
