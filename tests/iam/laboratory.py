"""An app on a local cloud, from which one permission after the other is taken."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import boto3
from botocore.config import Config

from chatops_local.cloud import LocalCloud
from tests.iam.apps import NOW, App
from tests.iam.matching import roles_of
from tests.iam.permissions import without

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from typing_extensions import Self

    from chatops_local.server import DeployedStack
    from chatops_local.server.observations import Decision
    from tests.iam.permissions import Permission

    Edit = Callable[[dict[str, Any]], None]

# Small: tries that are denied are repeated for minutes of AWS's time.
TIME_SCALE = 0.01
_PATIENCE_SECONDS = 30.0
_LOOK_AGAIN_SECONDS = 0.02

Found = TypeVar("Found")


class CutShortError(Exception):
    """A story waits for what nobody wants to know any more."""


class Laboratory:
    """One app, deployed; it is a context manager, and starts anew on a fresh cloud when it is told to."""

    def __init__(self, app: App, assembly: Path) -> None:
        """Deploy nothing yet."""
        self.app = app
        self.assembly = assembly
        self.stacks: dict[str, DeployedStack] = {}
        self._running = ExitStack()
        self._taken: Permission | None = None
        self._starts = 0
        self.is_cut_short = threading.Event()

    def __enter__(self) -> Self:
        """Deploy the app on a new cloud."""
        self.start_anew()
        return self

    def __exit__(self, *_: object) -> None:
        """End the cloud."""
        self._running.close()

    def start_anew(self) -> None:
        """Leave the cloud as it is, and deploy the complete app on another one."""
        self._running.close()
        self._running, self._taken = ExitStack(), None
        self.is_cut_short.clear()
        self.cloud = self._running.enter_context(
            LocalCloud.start(time_scale=TIME_SCALE, region=self.app.region, instances=self.app.instances, now=NOW)
        )
        self.app.surroundings(self.cloud)
        deployed = self.cloud.deploy_all(self.assembly, edit_template=self.app.edit)
        self.stacks = {stack.name: stack for stack in deployed}
        self.simulate_scripts()
        self.app.furnish(self)
        self.wait_until_quiet()

    @contextmanager
    def without(self, permission: Permission) -> Iterator[None]:
        """Inside, the app lacks a permission, and functions in a role that had it have looked nothing up before."""
        self._taken = permission
        self.deploy(permission.stack)
        try:
            yield
        finally:
            self.give_back()

    def give_back(self) -> None:
        """Have the app complete again."""
        self._taken = None
        self.restore()

    def restore(self) -> None:
        """Deploy every stack as it is synthesised; what stories have changed about one is gone."""
        for stack in self.stacks:
            self.deploy(stack)

    def deploy(self, stack: str, edit: Edit | None = None) -> None:
        """Deploy a stack as it is at the moment, perhaps changed otherwise."""

        def edited(template: dict[str, Any]) -> None:
            self.app.edit(template)
            taken = self._taken
            if taken is not None and taken.stack == stack:
                roles = roles_of(taken.policy, template["Resources"])
                template["Resources"] = without(template, stack, taken)["Resources"]
                self._start_functions_anew(template, lambda role: role in roles)
            if edit is not None:
                edit(template)

        self.stacks[stack] = self.cloud.server.deploy(self.assembly, stack, edit_template=edited)

    def start_functions_anew(self) -> None:
        """Have every function look up anew whatever it remembers."""
        for stack in self.stacks:
            self.deploy(stack, lambda template: self._start_functions_anew(template, lambda _: True))

    def simulate_scripts(self, *, seconds: float = 1.0, exit_code: int = 0) -> None:
        """Let scripts of the examples take so long and end so: none is run on this machine."""
        for instance in self.cloud.instances.values():
            self.cloud.server.script_takes(instance, seconds, exit_code=exit_code, stdout="simulated")

    def decisions(self, since: int) -> list[Decision]:
        """What was decided after a decision."""
        return self.cloud.server.decisions(since)

    def latest_decision(self) -> int:
        """The number of the latest one."""
        return max((one.number for one in self.cloud.server.decisions()), default=0)

    def is_quiet(self) -> bool:
        """Whether nothing is under way."""
        return self.cloud.server.is_quiet() and not any(
            execution.status == "RUNNING"
            for stack in self.stacks.values()
            for machine in stack.resources("AWS::StepFunctions::StateMachine")
            for execution in self.cloud.server.executions(machine)
        )

    def wait_until_quiet(self) -> None:
        """Wait until nothing is under way.

        Raises:
            TimeoutError: something does not end.
        """
        _wait_for(self.is_quiet, lambda: None)

    def until(self, look: Callable[[], Found]) -> Found:
        """What a story waits for, once it is there.

        Raises:
            TimeoutError: it does not come.
            CutShortError: nobody wants to know any more.
        """

        def go_on() -> None:
            if self.is_cut_short.is_set():
                raise CutShortError

        return _wait_for(look, go_on)

    def client_as(self, role: str, service: str) -> Any:
        """A boto3 client with the rights of a role, by the beginning of its logical id."""
        credentials = self.cloud.server.role_credentials(self.id(role))
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=self.cloud.server.endpoint_url,
            region_name=self.app.region,
            aws_access_key_id=credentials.access_key_id,
            aws_secret_access_key=credentials.secret_access_key,
            aws_session_token=credentials.session_token,
            config=Config(proxies={}, retries={"total_max_attempts": 1}),
        )

    def client_of(self, physical_id: str, service: str) -> Any:
        """A boto3 client of the region where a resource is."""
        (region,) = [one.region for one in self.stacks.values() if physical_id in one.physical_ids.values()]
        return self.cloud.server.client(service, region)

    def id(self, beginning: str, stack: str | None = None) -> str:
        """The physical id of the one resource whose logical id begins so and goes on with a hash."""
        searched = [self.stacks[stack]] if stack else self.stacks.values()
        found = [
            physical for one in searched for logical, physical in one.physical_ids.items() if logical[:-8] == beginning
        ]
        if len(found) != 1:
            raise LookupError(f"{len(found)} resources are called {beginning}")
        return found[0]

    def _start_functions_anew(self, template: dict[str, Any], is_meant: Callable[[str], bool]) -> None:
        self._starts += 1
        for resource in template["Resources"].values():
            role = resource.get("Properties", {}).get("Role", {})
            if resource["Type"] != "AWS::Lambda::Function" or not isinstance(role, dict):
                continue
            if is_meant(role.get("Fn::GetAtt", [""])[0]):
                environment = resource["Properties"].setdefault("Environment", {}).setdefault("Variables", {})
                environment["STARTED_ANEW"] = str(self._starts)


def _wait_for(look: Callable[[], Found], go_on: Callable[[], None]) -> Found:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not (found := look()):
        if time.monotonic() > deadline:
            raise TimeoutError("it did not happen")
        go_on()
        time.sleep(_LOOK_AGAIN_SECONDS)
    return found
