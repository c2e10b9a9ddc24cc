"""What the page needs of a local cloud, without AWS: Slack's double, and an endpoint that answers what a test says."""

import io
import json
import ssl
import threading
import time
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from chatops_local.cloud import NoSuchInstanceError, NoSuchScheduleError, Schedule
from chatops_local.page import PageServer, Workbench
from chatops_local.server import DeployedStack
from chatops_local.server.observations import Decision, ManagedInstance
from chatops_local.server.scheduler import DeployedSchedule
from chatops_local.slack import SentClick, SentCommand, SentEvent, SlackDouble
from chatops_runtime.contracts import commands_table

COMMANDS: dict[str, dict[str, Any]] = {
    "/ps": {"description": "top processes", "usage": "/ps", "allow": {"kind": "workspace"}},
    "/ops restart": {
        "description": "restarts a service",
        "usage": "/ops restart <service>",
        "allow": {"kind": "channel", "ids": ["C0123OPS"]},
        "arguments": [
            {"name": "service", "kind": "choice", "required": True, "choices": ["nginx", "app"], "help": "which one"},
            {"name": "within", "kind": "duration", "required": False, "named": True, "help": "when"},
            {"name": "force", "kind": "flag", "required": False, "help": "even if busy"},
        ],
    },
    "/ops status": {
        "description": "what runs",
        "usage": "/ops status",
        "allow": {"kind": "user", "ids": ["U0123BOSS"]},
    },
}

TEMPLATE: dict[str, Any] = {
    "Resources": {
        "Dispatch": {
            "Type": "AWS::Lambda::Function",
            "Properties": {"Layers": [{"Ref": "Table"}]},
            "Metadata": {
                "aws:cdk:path": "Small/Slack/Dispatch/Resource",
                "chatops:endpoint": {
                    "version": 1,
                    "url_output": "Url",
                    "team_id": "T0SMALL",
                    "app_id": "A0SMALL",
                    "signing_secret_parameter": "/small/signing-secret",
                    "events": {"app_mention": {"description": "answers questions", "subscriptions": [], "scopes": []}},
                },
            },
        },
        "Table": {
            "Type": "AWS::Lambda::LayerVersion",
            "Properties": {"Content": {"S3Bucket": {"Fn::Sub": "assets-${AWS::AccountId}"}, "S3Key": "table.zip"}},
        },
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {},
            "Metadata": {"aws:cdk:path": "Small/Slack/Role/Resource"},
        },
    }
}
STACK = DeployedStack("Small", {}, TEMPLATE, {"Dispatch": "Small-Dispatch-1", "Role": "Small-Role-2"})

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
SCHEDULE = Schedule.of(
    DeployedSchedule(
        arn="arn:aws:scheduler:us-east-1:123456789012:schedule/default/standup",
        name="standup",
        expression="cron(0 9 ? * MON-FRI *)",
        time_zone="UTC",
        enabled=True,
        target_arn="arn:aws:states:us-east-1:123456789012:stateMachine:tick",
        start=None,
        end=None,
    ),
    "Small/Standup/Schedule/Resource",
    begins=NOON,
    now=NOON,
)


class SmallServer:
    """AWS's half: a bucket with the commands table, instances and decisions."""

    account = "123456789012"

    def __init__(self) -> None:
        self.made: list[Decision] = []
        self.online = {"web-1": True, "web-2": True}

    def client(self, service: str, region: str | None = None) -> "SmallServer":
        return self

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, io.BytesIO]:  # noqa: N803 - S3's names
        assert (Bucket, Key) == ("assets-123456789012", "table.zip")
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("python/chatops_commands.json", commands_table.render(COMMANDS, refusals="Refusals"))  # type: ignore[arg-type]
        return {"Body": io.BytesIO(archive.getvalue())}

    def decisions(self, since: int = 0) -> list[Decision]:
        return [decision for decision in self.made if decision.number > since]

    def instances(self) -> list[ManagedInstance]:
        return [
            ManagedInstance(f"i-{name}", name, {"Name": name, "Role": "web"}, online, None, "/nowhere")
            for name, online in self.online.items()
        ]


class SmallCloud:
    """The cloud.

    Attributes:
        answers: What the endpoint answers to a command: a JSON message and how many seconds it takes.
        clicks: The payloads of the clicks and choices that came.
        mentions: The events that came.
        mention_status: The HTTP status that the endpoint answers an event with.
        ticks: The ARNs of the schedules that were fired.
        acks: What the endpoint answers to a click, by action_id: an HTTP status and how many seconds it takes.
        reactions: What the app does about a click after that, by action_id.
        deployments: How often the app was deployed.
        fault: Lets the next deployment fail.
    """

    def __init__(self) -> None:
        self.server = SmallServer()
        self.slack = SlackDouble(is_over=lambda sent: True)
        self.slack.is_click_over = lambda click: True
        self.slack.is_event_over = lambda event: True
        self.mentions: list[dict[str, Any]] = []
        self.mention_status = 200
        self.ticks: list[str] = []
        self.schedules = [SCHEDULE]
        self.answers: dict[str, tuple[dict[str, Any], float]] = {}
        self.clicks: list[dict[str, Any]] = []
        self.acks: dict[str, tuple[int, float]] = {}
        self.reactions: dict[str, Callable[[dict[str, Any]], object]] = {}
        self.deployments = 0
        self.fault: Exception | None = None
        self._endpoint = _endpoint(self)
        self._app = self.slack.workspace.app("A0SMALL", "T0SMALL")
        url = f"http://127.0.0.1:{self._endpoint.server_port}/slack"
        self.slack.set_request_url("Small/Slack", self._app, url, "small.test")

    def deploy_all(self, app: Path, *, stage: str | None = None) -> list[DeployedStack]:
        if self.fault:
            raise self.fault
        self.deployments += 1
        return [STACK]

    def executions_of(self, sent: SentCommand | SentClick | SentEvent) -> list[Any]:
        return []

    def tick(self, name: str, *, force: bool) -> None:
        assert force
        if name != SCHEDULE.arn:
            raise NoSuchScheduleError(f"there is no schedule {name!r}")
        self.ticks.append(name)

    def problems_of(self, sent: SentCommand | SentEvent) -> list[str]:
        return [] if sent.ack.ok else [f"Slack shows {sent.ack.error}"]

    def set_online(self, name: str, online: bool) -> None:
        if name not in self.server.online:
            raise NoSuchInstanceError(f"there is no instance {name!r}")
        self.server.online[name] = online

    def post(self, method: str, **arguments: object) -> dict[str, Any]:
        """Call a Web API method as the app does."""
        headers = {"Authorization": f"Bearer {self._app.bot_token}", "Content-Type": "application/json"}
        return self._send(f"https://slack.com/api/{method}", arguments, headers)

    def ask_for_group(self, group: str) -> list[str]:
        """The users of a user group, as the app is told."""
        headers = {"Authorization": f"Bearer {self._app.bot_token}"}
        body = self._post("https://slack.com/api/usergroups.users.list", f"usergroup={group}".encode(), headers)
        users: list[str] = json.loads(body)["users"]
        return users

    def respond(self, url: str, **message: object) -> None:
        """Use a response_url as the app does."""
        self._send(url, message, {"Content-Type": "application/json"})

    def share(self, name: str, content: str, *, channel: str, comment: str) -> None:
        """Share a snippet as the app does."""
        length = str(len(content.encode()))
        ticket = self.post("files.getUploadURLExternal", filename=name, length=length, snippet_type="text")
        self._post(ticket["upload_url"], content.encode(), {"Content-Type": "application/octet-stream"})
        files = [{"id": ticket["file_id"], "title": name}]
        self.post("files.completeUploadExternal", files=files, channel_id=channel, initial_comment=comment)

    def stop(self) -> None:
        self._endpoint.shutdown()
        self._endpoint.server_close()
        self.slack.stop()

    def _send(self, url: str, fields: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
        body = self._post(url, json.dumps(fields).encode(), headers)
        return json.loads(body) if body.startswith(b"{") else {}

    def _post(self, url: str, body: bytes, headers: dict[str, str]) -> bytes:
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({"https": self.slack.proxy_url}),
            urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=self.slack.certificate_authority)),
        )
        with opener.open(urllib.request.Request(url, body, headers)) as answer:
            return bytes(answer.read())


@contextmanager
def small_page() -> Iterator[tuple[SmallCloud, PageServer]]:
    """A small cloud with its page, on any port that is free."""
    cloud = SmallCloud()
    workbench = Workbench(Path("small_app"), cloud)  # type: ignore[arg-type]
    workbench.deploy()
    try:
        with PageServer(workbench, 0) as page:
            yield cloud, page
    finally:
        cloud.stop()


def _endpoint(cloud: SmallCloud) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers["Content-Type"] == "application/json":
                self._take_event(json.loads(body))
                return
            form = parse_qs(body.decode(), keep_blank_values=True)
            if "payload" in form:
                self._take_click(json.loads(form["payload"][0]))
                return
            typed = f"{form['command'][0]} {form['text'][0]}".strip()
            message, seconds = cloud.answers.get(typed, ({}, 0.0))
            time.sleep(seconds)
            answer = json.dumps(message).encode() if message else b""
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def _take_event(self, envelope: dict[str, Any]) -> None:
            cloud.mentions.append(envelope["event"])
            self.send_response(cloud.mention_status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _take_click(self, payload: dict[str, Any]) -> None:
            cloud.clicks.append(payload)
            action_id = payload["actions"][0]["action_id"]
            status, seconds = cloud.acks.get(action_id, (200, 0.0))
            time.sleep(seconds)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()
            if action_id in cloud.reactions:
                cloud.reactions[action_id](payload)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server
