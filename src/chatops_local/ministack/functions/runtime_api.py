"""Lambda's Runtime API for one execution environment.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

from __future__ import annotations

import json
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatops_local.ministack.functions.invocation import Invocation

_VERSION = "/2018-06-01/runtime"


class RuntimeApi:
    """The server that one environment's runtime client polls."""

    def __init__(self) -> None:
        """Listen on a free port of the loopback interface."""
        self._next: queue.SimpleQueue[Invocation | None] = queue.SimpleQueue()
        self._current: Invocation | None = None
        self.initialised = threading.Event()
        """Set when the runtime asks for its first event, or reports that it cannot start."""
        self.initialisation_error: bytes | None = None
        self._server = _Server(self)
        threading.Thread(target=self._server.serve_forever, args=[0.5], name="runtime-api", daemon=True).start()

    @property
    def address(self) -> str:
        """For ``AWS_LAMBDA_RUNTIME_API``."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    def hand_over(self, invocation: Invocation) -> None:
        """Give the runtime its next event."""
        self._next.put(invocation)

    def close(self) -> None:
        """Stop serving; a waiting runtime is sent away."""
        self._next.put(None)
        # The server notices after its polling interval, which nobody should wait for.
        threading.Thread(target=self._stop_serving, name="runtime-api-end", daemon=True).start()

    def _stop_serving(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def next_invocation(self) -> Invocation | None:
        """What the runtime gets; waits until there is something, and is None at the end."""
        self.initialised.set()
        self._current = self._next.get()
        return self._current

    def settle(self, request_id: str, kind: str, body: bytes) -> bool:
        """Take the runtime's answer; tells whether that request is the one under way."""
        invocation, self._current = self._current, None
        if invocation is None or invocation.request_id != request_id:
            return False
        if kind == "response":
            invocation.succeed(body)
        else:
            invocation.fail(body)
        return True

    def fail_initialisation(self, body: bytes) -> None:
        """The runtime could not load the handler."""
        self.initialisation_error = body
        self.initialised.set()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, api: RuntimeApi) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.api = api

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the base class's signature
        """A runtime that was killed while it was being answered is nobody's error."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    # One segment per answer, sent at once: with Nagle's algorithm a warm call costs 40 ms more.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        if self.path != f"{_VERSION}/invocation/next":
            self._answer(404)
            return
        invocation = self.server.api.next_invocation()
        if invocation is None:
            self._answer(410)
            return
        self._answer(
            200,
            invocation.payload,
            {
                "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
                "Lambda-Runtime-Deadline-Ms": str(invocation.deadline_milliseconds),
                "Lambda-Runtime-Invoked-Function-Arn": invocation.function_arn,
            },
        )

    def do_POST(self) -> None:
        body = self._body()
        if self.path == f"{_VERSION}/init/error":
            self.server.api.fail_initialisation(body)
            self._answer(202, b'{"status":"OK"}')
            return
        _, _, rest = self.path.partition(f"{_VERSION}/invocation/")
        request_id, _, kind = rest.partition("/")
        if kind not in ("response", "error"):
            self._answer(404)
        elif self.server.api.settle(request_id, kind, body):
            self._answer(202, b'{"status":"OK"}')
        else:
            refusal = {"errorMessage": "Invalid request ID", "errorType": "InvalidRequestID"}
            self._answer(400, json.dumps(refusal).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's signature
        """Not logged: there is a line for each invocation already."""

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def _answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
