"""The signing secret is read once, again when it may have been rotated, and never too often."""

import pytest

from chatops_runtime.dispatch import signing_secret
from chatops_runtime.dispatch.signing_secret import SigningSecret


class Store:
    def __init__(self, *values: str | Exception) -> None:
        self.values = list(values)
        self.reads = 0
        self.now = 1000.0

    def fetch(self, timeout: float) -> str:
        assert timeout == 1.0
        self.reads += 1
        value = self.values[0] if len(self.values) == 1 else self.values.pop(0)
        if isinstance(value, Exception):
            raise value
        return value

    def secret(self) -> SigningSecret:
        return SigningSecret(self.fetch, clock=lambda: self.now)


def test_it_is_read_once():
    store = Store("one")
    secret = store.secret()
    assert store.reads == 0
    assert secret.accepted(1.0) == ("one",)
    assert secret.accepted(1.0) == ("one",)
    assert store.reads == 1


def test_a_first_read_that_fails_is_tried_again_at_once():
    store = Store(OSError("away"), "one")
    secret = store.secret()
    with pytest.raises(OSError, match="away"):
        secret.accepted(1.0)
    assert secret.accepted(1.0) == ("one",)


def test_it_is_read_again_at_most_once_a_minute():
    store = Store("one")
    secret = store.secret()
    secret.accepted(1.0)
    store.now += signing_secret.REFETCH_SECONDS - 1
    assert not secret.refetched(1.0)
    assert store.reads == 1
    store.now += 1
    assert not secret.refetched(1.0)
    assert not secret.refetched(1.0)
    assert store.reads == 2


def test_after_a_rotation_both_are_accepted_and_then_only_the_new_one():
    store = Store("one", "two")
    secret = store.secret()
    secret.accepted(1.0)
    store.now += 60
    assert secret.refetched(1.0)
    assert secret.accepted(1.0) == ("two", "one")
    store.now += signing_secret.PREVIOUS_SECONDS
    assert secret.accepted(1.0) == ("two",)


def test_a_secret_that_was_rotated_away_is_dropped_although_it_verifies():
    store = Store("leaked", "new")
    secret = store.secret()
    secret.accepted(1.0)
    store.now += signing_secret.LONGEST_AGE_SECONDS
    assert secret.accepted(1.0) == ("new", "leaked")
    store.now += signing_secret.PREVIOUS_SECONDS
    assert secret.accepted(1.0) == ("new",)


def test_a_failing_store_does_not_stop_what_works_nor_is_it_hammered(capsys):
    store = Store("one", OSError("canary"), OSError("canary"), "two")
    secret = store.secret()
    secret.accepted(1.0)
    store.now += signing_secret.LONGEST_AGE_SECONDS
    assert secret.accepted(1.0) == ("one",)
    assert secret.accepted(1.0) == ("one",)
    assert not secret.refetched(1.0)
    assert store.reads == 2
    line = capsys.readouterr().out
    assert "signing_secret_not_refetched" in line
    assert "OSError" in line
    assert "canary" not in line
