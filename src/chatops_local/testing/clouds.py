"""Local clouds for tests: an app is synthesised once, and runs once for all tests that want it the same way."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chatops_local.app import Assembly, synth
from chatops_local.cloud import ACCOUNT, REGION, InstanceGroup, InstanceSpec, LocalCloud
from chatops_local.cloud.instances import named

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime


class Assemblies:
    """What apps synthesise to, each run once.

    Nothing is kept for the next session: what an app synthesises to may depend on anything that it reads, so whether it
    is still the same can only be told by running it.
    """

    def __init__(self, new_directory: Callable[[], Path]) -> None:
        """Synthesise into new directories."""
        self._new_directory = new_directory
        self._by_app: dict[Path, Assembly] = {}

    def of(self, app: Path) -> Assembly:
        """The assembly of an app, or of its cdk.out."""
        if app not in self._by_app:
            self._by_app[app] = synth(app, self._new_directory())
        return self._by_app[app]


@dataclass(frozen=True)
class _Wanted:
    app: Path
    stage: str | None
    time_scale: float
    instances: list[InstanceSpec] | None
    now: datetime | None


class LocalClouds:
    """Starts local clouds, and ends them all together. Call it; it is a context manager."""

    def __init__(
        self, root: Path, app: Path, time_scale: float, assemblies: Assemblies, stage: str | None = None
    ) -> None:
        """Have what is used where a call does not say it.

        Args:
            root: What paths are relative to.
            app: The app.
            time_scale: What an AWS second takes.
            assemblies: What apps synthesise to.
            stage: Which stage of the app.
        """
        self._root = root
        self._stage = stage
        self._app = app
        self._time_scale = time_scale
        self._assemblies = assemblies
        self._ending = ExitStack()
        self._running: list[tuple[_Wanted, LocalCloud]] = []

    def __call__(
        self,
        app: str | Path | None = None,
        *,
        stage: str | None = None,
        time_scale: float | None = None,
        instances: Sequence[str | InstanceSpec] | None = None,
        now: datetime | None = None,
    ) -> LocalCloud:
        """A local cloud with the app on it; for the same arguments the same one.

        Args:
            app: The folder of a CDK app, or its cdk.out, relative to pytest's root directory. Default: the setting
                `local_cloud_app`.
            stage: Which stage of the app, by the id or path of its construct; `.` for the stacks that are in none.
                Default: for the default app the setting
                `local_cloud_stage`; else everything, if the app has one stage at most.
            time_scale: How many seconds an AWS second takes. Default: `--local-cloud-time-scale`.
            instances: Instances, each an `InstanceSpec` or a text for several, such as `"Role=web:2"`. Default: two for
                each tag that the app's commands are aimed at.
            now: The simulated time that schedules begin with. Default: now.
        """
        __tracebackhide__ = True
        wanted = _Wanted(
            Path(os.path.normpath(self._root / (app or self._app))),
            stage or (self._stage if app is None else None),
            time_scale or self._time_scale,
            None if instances is None else _specs(instances),
            now,
        )
        known = next((cloud for asked, cloud in self._running if asked == wanted), None)
        return known or self._start(wanted)

    @property
    def running(self) -> list[tuple[str, LocalCloud]]:
        """Those that were started so far, each with the path of its app, and its stage."""
        return [
            (_name(os.path.relpath(wanted.app, self._root), wanted.stage), cloud) for wanted, cloud in self._running
        ]

    def another(self) -> LocalClouds:
        """The same, with clouds of its own."""
        return LocalClouds(self._root, self._app, self._time_scale, self._assemblies, self._stage)

    def __enter__(self) -> LocalClouds:
        """Return it."""
        return self

    def __exit__(self, *_: object) -> None:
        """End every cloud."""
        self._running.clear()
        self._ending.close()

    def _start(self, wanted: _Wanted) -> LocalCloud:
        __tracebackhide__ = True
        assembly = self._assemblies.of(wanted.app).of_stage(wanted.stage)
        with ExitStack() as starting:
            cloud = starting.enter_context(
                LocalCloud.start(
                    time_scale=wanted.time_scale,
                    instances=wanted.instances,
                    now=wanted.now,
                    account=assembly.account or ACCOUNT,
                    region=assembly.region or REGION,
                )
            )
            cloud.deploy_all(assembly)
            self._ending.push(starting.pop_all())
        self._running.append((wanted, cloud))
        return cloud


def _name(app: str, stage: str | None) -> str:
    return app if stage is None else f"{app} ({stage})"


def _specs(instances: Sequence[str | InstanceSpec]) -> list[InstanceSpec]:
    if isinstance(instances, str):
        raise TypeError(f'instances {instances!r}: a list is expected, such as ["Role=web:2"]')
    groups = named(InstanceGroup.parse(each) for each in instances if isinstance(each, str))
    return [*groups, *(each for each in instances if isinstance(each, InstanceSpec))]
