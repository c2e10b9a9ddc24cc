"""What happens to instances."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from chatops_local.cloud.instance_role import ROLE_NAME
from tests.iam.apps import Story
from tests.iam.stories.denials import denied

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.iam.laboratory import Laboratory

_NEWER_AGENTS = (
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
)


@contextmanager
def out_of_reach(laboratory: Laboratory) -> Iterator[None]:
    """Inside, no agent fetches what it is sent."""
    server, instances = laboratory.cloud.server, laboratory.cloud.instances.values()
    for instance in instances:
        server.fail_delivery(instance, never_picked_up=True)
    try:
        yield
    finally:
        for instance in instances:
            server.restore_delivery(instance)


def _reconnect(laboratory: Laboratory) -> None:
    name = next(iter(laboratory.cloud.instances))
    laboratory.cloud.set_online(name, False)
    laboratory.cloud.set_online(name, True)
    (online,) = [one.online for one in laboratory.cloud.server.instances() if one.name == name]
    assert online


def _an_older_agent(laboratory: Laboratory) -> None:
    try:
        with denied(laboratory, ROLE_NAME, *_NEWER_AGENTS):
            _reconnect(laboratory)
    finally:
        _reconnect(laboratory)


AGENTS_START = (
    Story("an agent starts", _reconnect),
    Story("an agent starts that does not know ssmmessages", _an_older_agent, denies=_NEWER_AGENTS),
)
