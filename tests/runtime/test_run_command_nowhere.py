"""Why a script ran on no instance at all, in the words that people read."""

import pytest

from chatops_runtime.run_command import nowhere
from tests.runtime.reports import run_command

AWAY = [{"instance_id": "i-1", "name": "web-1", "status": "ConnectionLost"}]


@pytest.mark.parametrize(
    ("result", "why"),
    [
        ({"online": 0}, "no managed instance carries the tag `Role=web`"),
        ({"online": 0, "offline": AWAY}, "no instance of `Role=web` is online"),
        ({"online": 1, "min_targets": 3}, "1 of at least 3 instances of `Role=web` is online"),
        ({"online": 2, "min_targets": 3, "offline": AWAY}, "2 of at least 3 instances of `Role=web` are online"),
        (
            {"online": 2, "command_status": "NoInstancesInTag"},
            "Systems Manager names no instance of `Role=web` that it ran on (`NoInstancesInTag`)",
        ),
        ({"online": 2, "command_status": ""}, "Systems Manager names no instance of `Role=web` that it ran on"),
    ],
)
def test_reason(result, why):
    said, advice = nowhere.reason(run_command(**result))
    assert said == why
    assert advice.startswith("Check ")
