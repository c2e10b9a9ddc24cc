"""What becomes of a site that closes for maintenance."""

from __future__ import annotations

import itertools
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.iam.apps import Story

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.iam.laboratory import Laboratory

_NUMBERS = itertools.count(1)


def stories_of(id: str, stack: str) -> tuple[Story, ...]:
    """Everything that an order, time and a deployment lead to, by the switch's id and its stack."""

    def is_switched(laboratory: Laboratory) -> None:
        ordered(laboratory, id, "on for 10m")
        ordered(laboratory, id, "off")

    def looks(laboratory: Laboratory) -> None:
        ticks = laboratory.cloud.advance(by=timedelta(minutes=1))
        problems = [problem for tick in ticks for problem in tick.problems()]
        assert problems == [], problems

    return (
        Story(f"{id} is switched on and off", is_switched),
        Story(f"{id} looks at the time", looks),
        redeployed(stack),
    )


def redeployed(stack: str) -> Story:
    """Somebody deploys the IP sets of a stack otherwise than they were."""

    def tell(laboratory: Laboratory) -> None:
        described = f"described otherwise, {next(_NUMBERS)}"

        def describe(template: dict[str, Any]) -> None:
            for resource in template["Resources"].values():
                if resource["Type"] == "AWS::WAFv2::IPSet":
                    resource["Properties"]["Description"] = described

        laboratory.deploy(stack, describe)
        laboratory.wait_until_quiet()

    return Story(f"somebody deploys the IP sets of {stack} otherwise", tell)


def opened(id: str) -> Callable[[Laboratory], None]:
    """What opens the site, whoever had closed it."""
    return lambda laboratory: ordered(laboratory, id, "off")


def ordered(laboratory: Laboratory, id: str, text: str) -> None:
    """Give the switch an order, as whoever may invoke its function."""
    order = {"version": 1, "kind": "order", "text": text, "by": "release pipeline"}
    function = laboratory.id(f"{id}RunTimeFunction")
    answer = laboratory.client_of(function, "lambda").invoke(FunctionName=function, Payload=json.dumps(order))
    payload = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, payload
    assert "AWS WAF has not taken it" not in payload["mrkdwn"], payload
