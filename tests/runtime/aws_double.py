"""A double of the AWS calls of the ack path, on 127.0.0.1."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET_PARAMETER = "/ops/slack-signing-secret"
SWITCH_PARAMETER = "/chatops/Ops_Slack_1A2B3C4D/off-switch"


class AwsDouble:
    """Answers GetParameters, and StartExecution with its three outcomes."""

    def __init__(self, secret: str | None) -> None:
        self.parameters: dict[str, dict[str, Any]] = {}
        self.put(SECRET_PARAMETER, secret)
        self.put(SWITCH_PARAMETER, "on")
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.headers: list[dict[str, str]] = []
        self.executions: dict[str, str] = {}
        self.closed: set[str] = set()
        self.failures: list[Any] = []
        """Answers for the next calls: (status, code), `"drop"` to end the connection, None for no failure."""
        self.connections = 0
        self.date: str | None = None
        """What its clock says; None for this machine's."""
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler_class())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> "AwsDouble":
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def called(self, operation: str) -> list[dict[str, Any]]:
        return [payload for name, payload in self.calls if name == operation]

    def answer(self, operation: str, payload: dict[str, Any]) -> Any:
        with self._lock:
            self.calls.append((operation, payload))
            failure = self.failures.pop(0) if self.failures else None
            if failure is not None:
                return failure
            return getattr(self, operation)(payload)

    @property
    def secret(self) -> str | None:
        """The signing secret; None for none."""
        return self.parameters.get(SECRET_PARAMETER, {}).get("Value")

    @secret.setter
    def secret(self, value: str | None) -> None:
        self.put(SECRET_PARAMETER, value)

    def put(self, name: str, value: str | None, *, at: float | None = None) -> None:
        """Write a parameter now, or at another time; with None there is none."""
        if value is None:
            self.parameters.pop(name, None)
            return
        version = self.parameters[name]["Version"] + 1 if name in self.parameters else 1
        modified = time.time() if at is None else at
        self.parameters[name] = {"Name": name, "Value": value, "Version": version, "LastModifiedDate": modified}

    def GetParameters(self, payload: dict[str, Any]) -> tuple[int, Any]:  # noqa: N802
        """https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html"""
        names = payload["Names"]
        return 200, {
            "Parameters": [self.parameters[name] for name in sorted(names, reverse=True) if name in self.parameters],
            "InvalidParameters": [name for name in names if name not in self.parameters],
        }

    def StartExecution(self, payload: dict[str, Any]) -> tuple[int, Any]:  # noqa: N802
        """https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html"""
        arn = payload["stateMachineArn"].replace(":stateMachine:", ":execution:") + ":" + payload["name"]
        known = self.executions.get(arn)
        if known is not None and (arn in self.closed or known != payload["input"]):
            return 400, "ExecutionAlreadyExists"
        self.executions[arn] = payload["input"]
        return 200, {"executionArn": arn, "startDate": 1.0}

    def _handler_class(self) -> type[BaseHTTPRequestHandler]:
        double = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1
            disable_nagle_algorithm = True

            def log_message(self, *args: object) -> None:
                pass

            def setup(self) -> None:
                super().setup()
                double.connections += 1

            def date_time_string(self, timestamp: float | None = None) -> str:
                return super().date_time_string(timestamp) if double.date is None else double.date

            def do_POST(self) -> None:
                payload = json.loads(self.rfile.read(int(self.headers["content-length"])))
                double.headers.append(dict(self.headers))
                answer = double.answer(self.headers["x-amz-target"].partition(".")[2], payload)
                if answer == "drop":
                    self.close_connection = True
                    return
                status, result = answer
                if isinstance(result, str):
                    result = {"__type": f"com.amazonaws.double#{result}", "message": "canary-message-of-aws"}
                body = json.dumps(result).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/x-amz-json-1.0")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        return Handler
