"""The same command with Slack Bolt for Python: acknowledged at once, run by a lazy listener.

As its documentation shows: https://docs.slack.dev/tools/bolt-python/concepts/lazy-listeners.
"""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any

from slack_bolt import App  # type: ignore[import-not-found]
from slack_bolt.adapter.aws_lambda import SlackRequestHandler  # type: ignore[import-not-found]
from slack_sdk import WebClient

if TYPE_CHECKING:
    from collections.abc import Callable

# The signing secret comes from the environment; the client is named only since this Slack is a double.
client = WebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
app = App(process_before_response=True, client=client)


def acknowledge(ack: Callable[[str], None]) -> None:
    """Say that it runs."""
    ack("Running /ps …")


def run(respond: Callable[[str], None]) -> None:
    """Is run by another invocation, which this benchmark does not wait for."""
    respond("done")


app.command("/ps")(ack=acknowledge, lazy=[run])

SlackRequestHandler.clear_all_log_handlers()
logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)


def handler(event: dict[str, Any], context: object) -> Any:  # noqa: ANN401 - Bolt has no type for it
    """Hand the request to Bolt."""
    return SlackRequestHandler(app=app).handle(event, context)
