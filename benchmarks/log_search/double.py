"""A double of CloudWatch Logs as far as it is searched: `python -m benchmarks.log_search.double`, until its input ends.

It answers as late, as often with an empty page, and as often that there were too many calls, as `corpus` says, and
takes any number of calls at the same time, as AWS does. One process of its own, so that what asks has a processor for
itself.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress
from typing import Any

from benchmarks.log_search import corpus


class Double:
    """One run of it."""

    def __init__(self) -> None:
        """Without a call yet."""
        self._calls: dict[str, int] = {}
        self._all_calls = 0

    def answer(self, operation: str, request: dict[str, Any]) -> tuple[float, int, dict[str, Any]]:
        """After how many seconds, with which status, and what.

        Args:
            operation: FilterLogEvents or DescribeLogGroups.
            request: What it is given.
        """
        if operation == "DescribeLogGroups":
            described = [{"logGroupName": name, "creationTime": 0} for name in request["logGroupIdentifiers"]]
            return corpus.LONGEST_LATENCY / 2, 200, {"logGroups": described}
        name = request["logGroupName"]
        self._all_calls += 1
        number = self._calls[name] = self._calls.get(name, 0) + 1
        seconds = corpus.latency(name, number)
        if self._all_calls % corpus.THROTTLED_EVERY == 0:
            return seconds, 400, {"__type": "ThrottlingException", "message": "Rate exceeded"}
        return seconds, 200, _page(request)


def _page(request: dict[str, Any]) -> dict[str, Any]:
    name = request["logGroupName"]
    first, _, was_empty = str(request.get("nextToken", "0")).partition(" ")
    if corpus.begins_with_empty_page(name) and first == "0" and not was_empty:
        return {"events": [], "searchedLogStreams": [], "nextToken": "0 empty"}
    phrases = request["filterPattern"].replace("?", "").strip('"').split('" "')
    prefix = request.get("logStreamNamePrefix", "")
    found = [
        event
        for event in corpus.events(name)
        if event.stream.startswith(prefix) and any(phrase in event.message for phrase in phrases)
    ]
    begin = int(first)
    page = found[begin : begin + min(request.get("limit", corpus.PAGE), corpus.PAGE)]
    end = begin + len(page)
    events = [
        {"timestamp": event.at, "message": event.message, "logStreamName": event.stream, "eventId": f"{event.at}"}
        for event in page
    ]
    more = {"nextToken": str(end)} if end < len(found) else {}
    return {"events": events, "searchedLogStreams": [], **more}


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, double: Double) -> None:
    # Who asks may leave at any time, and so may this process.
    with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
        while True:
            headers = _headers(await reader.readuntil(b"\r\n\r\n"))
            request = json.loads(await reader.readexactly(int(headers["content-length"])))
            seconds, status, content = double.answer(headers["x-amz-target"].rpartition(".")[2], request)
            await asyncio.sleep(seconds)
            body = json.dumps(content).encode()
            head = [f"HTTP/1.1 {status} .", "Content-Type: application/x-amz-json-1.1", f"Content-Length: {len(body)}"]
            writer.write("\r\n".join([*head, "", ""]).encode() + body)
            await writer.drain()
    writer.close()


def _headers(head: bytes) -> dict[str, str]:
    lines = (line.partition(":") for line in head.decode("latin-1").split("\r\n")[1:])
    return {name.lower(): value.strip() for name, _, value in lines}


async def _main() -> None:
    double = Double()
    server = await asyncio.start_server(lambda reader, writer: _serve(reader, writer, double), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    # It ends with who started it.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_main())
