"""The same, with Bolt's request handler kept between invocations, and its boto3 client with it.

Bolt's documentation makes one for each request. This is what a team finds out that measures.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from slack_bolt import App  # type: ignore[import-not-found]
from slack_bolt.adapter.aws_lambda import SlackRequestHandler  # type: ignore[import-not-found]
from slack_sdk import WebClient

if TYPE_CHECKING:
    from collections.abc import Callable

client = WebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
app = App(process_before_response=True, client=client)
requests = SlackRequestHandler(app=app)


def acknowledge(ack: Callable[[str], None]) -> None:
    """Say that it runs."""
    ack("Running /ps …")


def run(respond: Callable[[str], None]) -> None:
    """Is run by another invocation, which this benchmark does not wait for."""
    respond("done")


app.command("/ps")(ack=acknowledge, lazy=[run])


def handler(event: dict[str, Any], context: object) -> Any:  # noqa: ANN401 - Bolt has no type for it
    """Hand the request to Bolt."""
    return requests.handle(event, context)
