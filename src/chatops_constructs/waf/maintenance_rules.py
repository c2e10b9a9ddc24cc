"""The rules of the maintenance switch in the names of CDK's properties: the same for a web ACL and a rule group."""

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

    def rules(self, first_priority: int, *, in_group: bool = False) -> list[IResolvable]:
        """The rules in their order.

        Args:
            first_priority: The priority of the first; the others follow one by one.
            in_group: Whether they are for a rule group. Default: for a web ACL.
        """
        labelling = [source.label_rule(priority=first_priority + place) for place, source in enumerate(self.forwarded)]
        place = first_priority + len(labelling)
        return [
            *labelling,
            # First, since its condition is narrower.
            self._block(
                JSON,
                place,
                [*self._closed_to_source(), _any([*self._path_statements(), _accepts_json()])],
                in_group=in_group,
            ),
            self._block(HTML, place + 1, self._closed_to_source(), in_group=in_group),
        ]

    @property
    def bodies(self) -> dict[str, Any]:
        """The bodies by their keys: `custom_response_bodies` of whatever has the rules."""
        return {
            self._key(HTML): {"contentType": "TEXT_HTML", "content": self.html},
            self._key(JSON): {"contentType": "APPLICATION_JSON", "content": self.json},
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
        return [self.closed, {"notStatement": {"statement": _any(passing)}}] if passing else [self.closed]

    def _path_statements(self) -> list[Any]:
        return [_byte_match({"uriPath": {}}, path, "STARTS_WITH", "NONE") for path in self.json_paths]

    def _block(self, body: str, priority: int, conditions: list[Any], *, in_group: bool) -> IResolvable:
        headers = {"Retry-After": str(self.retry_after_seconds), "Cache-Control": "no-store"}
        response = {
            "responseCode": 503,
            "customResponseBodyKey": self._key(body),
            "responseHeaders": [{"name": name, "value": value} for name, value in headers.items()],
        }
        block = {"customResponse": response}
        return Token.as_any(
            {
                "name": self._key(body),
                "priority": priority,
                "statement": {"andStatement": {"statements": conditions}} if len(conditions) > 1 else conditions[0],
                "action": {"block": _in_names_of_aws(block) if in_group else block},
                "visibilityConfig": visibility(self._key(body)),
            }
        )

    def _key(self, body: str) -> str:
        return f"{self.name}-{body}"


def visibility(name: str) -> dict[str, Any]:
    """Metrics under `name`, and samples of requests."""
    return {"cloudWatchMetricsEnabled": True, "metricName": name, "sampledRequestsEnabled": True}


def json_text(body: object) -> str:
    """A body for programs, as it is sent.

    Raises:
        TypeError: JSON has no such thing.
        ValueError: Nor such a number.
    """
    return json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _accepts_json() -> dict[str, Any]:
    """Asks for JSON and not for a page: browsers ask for `text/html`, and programs that take both take JSON too."""
    accept = {"singleHeader": {"Name": "accept"}}  # AWS's own name: CDK hands this object on as it is
    html = _byte_match(accept, "text/html", "CONTAINS", "LOWERCASE")
    return {
        "andStatement": {
            "statements": [
                _byte_match(accept, "json", "CONTAINS", "LOWERCASE"),
                {"notStatement": {"statement": html}},
            ]
        }
    }


def _byte_match(field: dict[str, Any], text: str, position: str, transformation: str) -> dict[str, Any]:
    return {
        "byteMatchStatement": {
            "fieldToMatch": field,
            "searchString": text,
            "positionalConstraint": position,
            "textTransformations": [{"priority": 0, "type": transformation}],
        }
    }


def _in_names_of_aws(value: Any) -> Any:  # noqa: ANN401 - any part of a template
    """CDK hands a rule group's action on as it is, a web ACL's not."""
    if isinstance(value, dict):
        return {f"{name[0].upper()}{name[1:]}": _in_names_of_aws(part) for name, part in value.items()}
    return [_in_names_of_aws(part) for part in value] if isinstance(value, list) else value


def _any(statements: list[Any]) -> Any:  # noqa: ANN401 - a statement is a token or an object
    return {"orStatement": {"statements": statements}} if len(statements) > 1 else statements[0]
