"""The rules of the maintenance switch, as a template has them: the same for a web ACL and for a rule group."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_cdk import Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import IResolvable

    from chatops_constructs.waf.forwarded_source import ForwardedSource

HTML, JSON = "Html", "Json"

# https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-list.html: capacity units of each statement.
ADDRESS, LABEL, BEGINS_WITH, CONTAINS, LOWER_CASE = 1, 1, 2, 10, 10


@dataclass(frozen=True)
class MaintenanceRules:
    """What blocks, and with which answer.

    Attributes:
        name: Begins the names of rules, metrics and bodies.
        closed: The statement "the request came from an address in the switch's sets".
        passing: The statements "it came from an address that passes".
        forwarded: Instead of `passing`, if the clients' addresses are in a header.
        json_paths: What the paths of requests begin with that are answered with JSON, whatever they accept.
        retry_after_seconds: After which a client may come again.
        html: The page.
        json: The body for programs.
    """

    name: str
    closed: IResolvable
    passing: Sequence[IResolvable]
    forwarded: Sequence[ForwardedSource]
    json_paths: Sequence[str]
    retry_after_seconds: int
    html: str
    json: str

    def rules(self, first_priority: int) -> list[IResolvable]:
        """The rules in their order, with priorities from `first_priority` on."""
        labelling = [source.label_rule(priority=first_priority + place) for place, source in enumerate(self.forwarded)]
        place = first_priority + len(labelling)
        return [
            *labelling,
            # First, since its condition is narrower.
            self._block(JSON, place, [*self._closed_to_source(), _any([*self._path_statements(), _accepts_json()])]),
            self._block(HTML, place + 1, self._closed_to_source()),
        ]

    @property
    def bodies(self) -> dict[str, Any]:
        """The bodies by their keys: `CustomResponseBodies` of whatever has the rules."""
        return {
            self._key(HTML): {"ContentType": "TEXT_HTML", "Content": self.html},
            self._key(JSON): {"ContentType": "APPLICATION_JSON", "Content": self.json},
        }

    @property
    def capacity(self) -> int:
        """Web ACL capacity units that the rules take."""
        passing = len(self.forwarded) * LABEL or len(self.passing) * 2 * ADDRESS
        block = 2 * ADDRESS + passing
        labelling = len(self.forwarded) * 2 * ADDRESS
        choice = BEGINS_WITH * len(self.json_paths) + 2 * (CONTAINS + LOWER_CASE)
        return labelling + 2 * block + choice

    def _closed_to_source(self) -> list[Any]:
        # The switch's sets hold everybody or nobody, so that the address of a proxy in between does as well.
        passing = [source.statement() for source in self.forwarded] or list(self.passing)
        return [self.closed, {"NotStatement": {"Statement": _any(passing)}}] if passing else [self.closed]

    def _path_statements(self) -> list[Any]:
        return [_byte_match({"UriPath": {}}, path, "STARTS_WITH", "NONE") for path in self.json_paths]

    def _block(self, body: str, priority: int, conditions: list[Any]) -> IResolvable:
        response = {
            "ResponseCode": 503,
            "CustomResponseBodyKey": self._key(body),
            "ResponseHeaders": [
                {"Name": "Retry-After", "Value": str(self.retry_after_seconds)},
                {"Name": "Cache-Control", "Value": "no-store"},
            ],
        }
        return Token.as_any(
            {
                "Name": self._key(body),
                "Priority": priority,
                "Statement": {"AndStatement": {"Statements": conditions}} if len(conditions) > 1 else conditions[0],
                "Action": {"Block": {"CustomResponse": response}},
                "VisibilityConfig": visibility(self._key(body)),
            }
        )

    def _key(self, body: str) -> str:
        return f"{self.name}-{body}"


def visibility(name: str) -> dict[str, Any]:
    """Metrics under `name`, and samples of requests."""
    return {"CloudWatchMetricsEnabled": True, "MetricName": name, "SampledRequestsEnabled": True}


def json_text(body: object) -> str:
    """A body for programs, as it is sent."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _accepts_json() -> dict[str, Any]:
    """Asks for JSON and not for a page: browsers ask for `text/html`, and programs that take both take JSON too."""
    accept = {"SingleHeader": {"Name": "accept"}}
    html = _byte_match(accept, "text/html", "CONTAINS", "LOWERCASE")
    return {
        "AndStatement": {
            "Statements": [
                _byte_match(accept, "json", "CONTAINS", "LOWERCASE"),
                {"NotStatement": {"Statement": html}},
            ]
        }
    }


def _byte_match(field: dict[str, Any], text: str, position: str, transformation: str) -> dict[str, Any]:
    return {
        "ByteMatchStatement": {
            "FieldToMatch": field,
            "SearchString": text,
            "PositionalConstraint": position,
            "TextTransformations": [{"Priority": 0, "Type": transformation}],
        }
    }


def _any(statements: list[Any]) -> Any:  # noqa: ANN401 - a statement is a token or an object
    return {"OrStatement": {"Statements": statements}} if len(statements) > 1 else statements[0]
