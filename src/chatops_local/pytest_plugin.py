"""The pytest plugin: fixtures with which an app's own tests run it on the local cloud.

Everything but pytest is imported when a test asks for it, since a plugin is loaded in every session.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from chatops_local.cli import what_is_missing
from chatops_local.cli.numbers import positive

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from chatops_local.slack import SlackDouble
    from chatops_local.testing.clouds import LocalClouds
    from chatops_local.testing.story import Beginning

DEFAULT_TIME_SCALE = 0.05

_APP = "local_cloud_app"
_STAGE = "local_cloud_stage"
_TIME_SCALE = "--local-cloud-time-scale"
_FIXTURES = ("local_cloud", "fresh_local_cloud")

_clouds: pytest.StashKey[list[LocalClouds]] = pytest.StashKey()
_beginning: pytest.StashKey[Beginning] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option and the setting."""
    group = parser.getgroup("local cloud")
    group.addoption(
        _TIME_SCALE,
        metavar="X",
        type=positive,
        default=DEFAULT_TIME_SCALE,
        help=f"how many seconds an AWS second takes; 1 is as on AWS. Default: {DEFAULT_TIME_SCALE}",
    )
    parser.addini(
        _APP,
        "the folder of the CDK app that `slack` and `local_cloud()` run, or its cdk.out, from the root directory on",
        default=".",
    )
    parser.addini(_STAGE, "which stage of that app, by the id or path of its construct", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Begin without clouds."""
    config.stash[_clouds] = []


@pytest.fixture(scope="session")
def local_cloud(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalClouds]:
    """`local_cloud("path/of/app")`: that app, deployed, on a local cloud that all tests of the session share.

    It takes `stage`, `time_scale`, `instances` and `now` as well, and is the same cloud whenever all of them are the
    same.
    """
    if missing := what_is_missing():
        pytest.fail(missing, pytrace=False)
    from chatops_local.testing.clouds import Assemblies, LocalClouds  # noqa: PLC0415 - see the module

    clouds = LocalClouds(
        pytestconfig.rootpath,
        Path(str(pytestconfig.getini(_APP))),
        cast("float", pytestconfig.getoption(_TIME_SCALE)),
        Assemblies(lambda: tmp_path_factory.mktemp("cdk.out")),
        str(pytestconfig.getini(_STAGE)) or None,
    )
    yield from _until_the_end(clouds, pytestconfig)


@pytest.fixture
def fresh_local_cloud(local_cloud: LocalClouds, pytestconfig: pytest.Config) -> Iterator[LocalClouds]:
    """As `local_cloud`, for one test that breaks something: a cloud of its own, which ends with the test."""
    yield from _until_the_end(local_cloud.another(), pytestconfig)


@pytest.fixture(scope="session")
def slack(local_cloud: LocalClouds) -> SlackDouble:
    """The Slack of the app that the setting `local_cloud_app` names: `slack.send("/ps").wait()`."""
    return local_cloud().slack


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Remember where a test that uses a local cloud begins."""
    if any(name in getattr(item, "fixturenames", ()) for name in _FIXTURES):
        from chatops_local.testing.story import Beginning  # noqa: PLC0415 - see the module

        item.stash[_beginning] = Beginning.now(
            cloud for clouds in item.config.stash[_clouds] for _, cloud in clouds.running
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell with a failure what happened on the local cloud during the test."""
    report = yield
    beginning = item.stash.get(_beginning, None)
    if report.failed and beginning is not None:
        for clouds in item.config.stash[_clouds]:
            for name, cloud in clouds.running:
                if told := beginning.story(cloud):
                    report.sections.append((f"local cloud: {name}", told))
    return report


def _until_the_end(clouds: LocalClouds, config: pytest.Config) -> Iterator[LocalClouds]:
    known = config.stash[_clouds]
    with clouds:
        known.append(clouds)
        try:
            yield clouds
        finally:
            known.remove(clouds)
