"""Secret and off-switch are read together, again when they are old, and never too often."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from chatops_runtime.contracts.off_switch import FRESH_SECONDS
from chatops_runtime.dispatch.controls import REFETCH_SECONDS, REREAD_SECONDS, RETRY_SECONDS, Controls
from chatops_runtime.dispatch.parameters import Parameter


class Store:
    """What Parameter Store holds, or why it does not answer; and a clock."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {"secret": "one", "switch": "on"}
        self.versions = {"secret": 1, "switch": 1}
        self.failure: Exception | None = None
        self.timeouts: list[float] = []
        self.now = 1_000.0
        self.controls = Controls(
            secret_parameter="secret", switch_parameter="switch", read=self.read, clock=lambda: self.now
        )

    @property
    def reads(self) -> int:
        return len(self.timeouts)

    def read(self, timeout: float) -> Mapping[str, Parameter]:
        self.timeouts.append(timeout)
        if self.failure is not None:
            raise self.failure
        return {
            name: Parameter(value, version=self.versions[name], modified_at=self.now)
            for name, value in self.values.items()
        }

    def write(self, name: str, value: str) -> None:
        self.values[name] = value
        self.versions[name] += 1


@pytest.fixture
def store() -> Store:
    return Store()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_before_the_first_reading_nothing_runs(store: Store) -> None:
    assert not store.controls.off_switch.is_on
    assert store.controls.secrets() == ()


def test_one_reading_serves_for_a_while(store: Store) -> None:
    store.controls.refresh(1.0)
    store.now += FRESH_SECONDS - 1
    store.controls.refresh(1.0)
    assert store.timeouts == [1.0]
    assert store.controls.secrets() == ("one",)
    assert store.controls.off_switch.is_on


def test_the_switch_takes_effect_when_what_is_known_is_old(store: Store) -> None:
    store.controls.refresh(1.0)
    store.write("switch", "off")
    store.now += FRESH_SECONDS
    store.controls.refresh(1.0)
    assert not store.controls.off_switch.is_on
    assert store.timeouts == [1.0, REREAD_SECONDS]


def test_a_clock_that_was_put_back_means_to_read_again(store: Store) -> None:
    store.controls.refresh(1.0)
    store.now -= 10_000
    store.controls.refresh(1.0)
    assert store.reads == 2


def test_a_first_reading_that_fails_is_tried_again_at_once(store: Store) -> None:
    store.failure = OSError("away")
    with pytest.raises(OSError, match="away"):
        store.controls.refresh(1.0)
    store.failure = None
    store.controls.refresh(1.0)
    assert store.controls.secrets() == ("one",)


@pytest.mark.parametrize("switch", ["on", "off"])
def test_while_the_store_is_away_what_is_known_goes_on(
    store: Store, switch: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store.values["switch"] = switch
    store.controls.refresh(1.0)
    store.failure = OSError("canary")
    store.now += FRESH_SECONDS
    store.controls.refresh(1.0)
    store.controls.refresh(1.0)
    assert store.reads == 2  # nobody else waits for it, for a while
    assert store.controls.off_switch.is_on == (switch == "on")
    assert store.controls.secrets() == ("one",)
    (line,) = lines(capsys)
    assert (line["level"], line["event"], line["error"]) == ("WARN", "parameters_not_read", "OSError")
    assert "canary" not in str(line)


def test_once_the_store_is_back_the_switch_takes_effect_within_a_minute(store: Store) -> None:
    store.controls.refresh(1.0)
    store.write("switch", "off")
    store.failure = OSError()
    store.now += FRESH_SECONDS
    store.controls.refresh(1.0)
    store.failure = None
    store.now += RETRY_SECONDS
    store.controls.refresh(1.0)
    assert not store.controls.off_switch.is_on
    assert FRESH_SECONDS + 2 * RETRY_SECONDS < 60


@pytest.mark.parametrize("name", ["secret", "switch"])
def test_what_is_deleted_counts_as_deleted(store: Store, name: str) -> None:
    store.controls.refresh(1.0)
    del store.values[name]
    store.now += FRESH_SECONDS
    store.controls.refresh(1.0)
    assert store.controls.secret_is_missing == (name == "secret")
    assert store.controls.off_switch.is_on == (name == "secret")


def test_a_signature_that_does_not_verify_has_the_secret_read_again_at_most_once_a_minute(store: Store) -> None:
    store.controls.refresh(1.0)
    store.write("secret", "two")
    assert store.controls.refetched(1.0)
    assert store.controls.secrets() == ("two", "one")
    store.now += REFETCH_SECONDS - 1
    assert not store.controls.refetched(1.0)
    assert store.reads == 2
    store.now += 1
    assert not store.controls.refetched(1.0)  # read, and still the same
    assert store.reads == 3


def test_no_secret_is_looked_for_again_but_not_by_every_request(store: Store) -> None:
    del store.values["secret"]
    store.controls.refresh(1.0)
    store.controls.refresh(1.0)
    assert store.reads == 1
    store.values["secret"] = "one"
    store.now += RETRY_SECONDS
    store.controls.refresh(1.0)
    assert store.controls.secrets() == ("one",)
