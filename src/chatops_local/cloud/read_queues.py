"""Queues that functions read: what is in them is still on its way, to Slack for one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatops_local.server import Server

_ASK_AGAIN_SECONDS = 0.1


def unread(server: Server) -> dict[str, int]:
    """How many messages there are in each queue that a function reads, by the queue's name; without empty ones."""
    mappings = server.client("lambda").get_paginator("list_event_source_mappings").paginate()
    arns = {mapping["EventSourceArn"] for page in mappings for mapping in page["EventSourceMappings"]}
    queues = sorted(arn.rpartition(":")[2] for arn in arns if arn.split(":")[2] == "sqs")
    return {queue: count for queue in queues if (count := len(server.messages(queue)))}


def wait_until_read(server: Server, timeout: float) -> dict[str, int]:
    """Wait until functions have read their queues empty.

    Args:
        server: The cloud.
        timeout: For how many seconds at most.

    Returns:
        What is still unread, by the name of the queue.
    """
    deadline = time.monotonic() + timeout
    while (left := unread(server)) and time.monotonic() < deadline:
        time.sleep(_ASK_AGAIN_SECONDS)
    return left
