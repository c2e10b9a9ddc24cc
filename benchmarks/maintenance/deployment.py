"""A deployment as `cdk deploy` makes it: the app is run, its template uploaded, a change set made and executed."""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from chatops_local.app import synth

if TYPE_CHECKING:
    from chatops_local.server import Server

APP = Path(__file__).parent / "prior_design" / "app.py"
STACK, REGION = "Prior", "us-east-1"
BUCKET = "cdk-hnb659fds-assets-123456789012-us-east-1"

_POLL_SECONDS = 0.05
_PATIENCE_SECONDS = 60.0


class Deployment:
    """Deploys the prior design, and counts its calls of AWS.

    Each kind of call is made as often as it has to be here. On AWS, where a deployment takes tens of seconds and more,
    the command line asks again and again how far it is.

    Attributes:
        calls: How often each was called, by service and operation.
    """

    def __init__(self, server: Server) -> None:
        """Talk to a local cloud."""
        self._server = server
        self.calls: Counter[str] = Counter()

    def run(self, *, maintenance: bool) -> None:
        """Synthesise the app, and deploy it."""
        with TemporaryDirectory(prefix="chatops-benchmark-") as directory:
            folder, output = Path(directory), Path(directory) / "cdk.out"
            settings = {"app": f"python3 {APP}", "context": {"maintenance": maintenance}}
            (folder / "cdk.json").write_text(json.dumps(settings), encoding="utf-8")
            synth(folder, output, account=self._server.account, region=REGION)
            template = (output / f"{STACK}.template.json").read_bytes()
        self._call("sts", "get_caller_identity")
        self._call("cloudformation", "describe_stacks", StackName=STACK)
        self._call("cloudformation", "get_template", StackName=STACK)
        self._execute(self._change_set(self._upload(template)))

    def _upload(self, template: bytes) -> str:
        key = f"{hashlib.sha256(template).hexdigest()}.json"
        self._call("s3", "list_objects_v2", Bucket=BUCKET, Prefix=key)
        self._call("s3", "put_object", Bucket=BUCKET, Key=key, Body=template)
        return f"https://s3.amazonaws.com/{BUCKET}/{key}"

    def _change_set(self, template_url: str) -> str:
        arn: str = self._call(
            "cloudformation",
            "create_change_set",
            StackName=STACK,
            ChangeSetName=f"deploy-{time.time_ns()}",
            TemplateURL=template_url,
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        )["Id"]
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while self._call("cloudformation", "describe_change_set", ChangeSetName=arn)["Status"] != "CREATE_COMPLETE":
            _pause(deadline)
        return arn

    def _execute(self, change_set: str) -> None:
        self._call("cloudformation", "execute_change_set", ChangeSetName=change_set)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            self._call("cloudformation", "describe_stack_events", StackName=STACK)
            (stack,) = self._call("cloudformation", "describe_stacks", StackName=STACK)["Stacks"]
            if stack["StackStatus"] == "UPDATE_COMPLETE":
                return
            _pause(deadline)

    def _call(self, service: str, operation: str, **parameters: object) -> Any:  # noqa: ANN401 - as boto3 answers
        name = "".join(part.capitalize() for part in operation.split("_"))
        self.calls[f"{service}:{name}"] += 1
        return getattr(self._server.client(service, REGION), operation)(**parameters)


def _pause(deadline: float) -> None:
    if time.monotonic() > deadline:
        raise TimeoutError(f"the deployment of {STACK} does not end")
    time.sleep(_POLL_SECONDS)
