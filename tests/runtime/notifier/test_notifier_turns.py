"""Turns in simulated time: never two posts of a channel within a second, and Slack's pauses are everybody's."""

from collections.abc import Callable, Iterable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatops_runtime.notifier.delivery import Delivery
from chatops_runtime.notifier.turns import LEASE_SECONDS, NotNowError, Turns
from chatops_runtime.slack.bot_token import BotToken
from chatops_runtime.slack.message import Message
from tests.runtime.notifier.simulation import Simulation
from tests.runtime.notifier.turn_doubles import MemoryTable, StrictSlack

CHANNEL = "C0123OPS"


class World:
    """Consumers that post to one channel, each with a patience of its own."""

    def __init__(self, seed: int, moods: Iterable[int | None] = ()) -> None:
        self.random = Random(seed)
        self.time = Simulation()
        self.began = self.time.now()
        self.table = MemoryTable(self.time.sleep, lambda: self.random.uniform(0.001, 0.05))
        self.slack = StrictSlack(self.time.now, self.time.sleep, lambda: self.random.uniform(0.02, 0.4), iter(moods))
        self.turns = Turns(self.table, self.time.now, self.time.sleep)
        self.gave_up: list[str] = []

    def consumer(self, name: str, starts: float, patience: float) -> Callable[[], None]:
        def post() -> None:
            self.time.sleep(starts)
            delivery = Delivery(
                channel=CHANNEL,
                client=self.slack,
                bot_token=BotToken("/token", lambda _: "xoxb-1", self.time.now),
                turns=self.turns,
            )
            try:
                delivery.deliver(Message(name), self.time.now() + patience)
            except NotNowError:
                self.gave_up.append(name)

        return post


STARTS = st.lists(st.floats(0, 5), min_size=1, max_size=8)
MOODS = st.lists(st.none() | st.integers(0, 40), max_size=8)


@given(STARTS, MOODS, st.integers(0, 1_000))
@settings(max_examples=80, deadline=None)
def test_never_too_early_and_everybody_posts_or_comes_again(starts, moods, seed):
    world = World(seed, moods)
    names = [f"n{number}" for number in range(len(starts))]
    world.time.run([world.consumer(name, start, 35) for name, start in zip(names, starts, strict=True)])
    assert world.slack.too_early == []
    assert sorted([name for _, name in world.slack.posted] + world.gave_up) == sorted(names)
    if not any(moods):
        assert world.gave_up == []


@given(STARTS, st.integers(0, 1_000))
@settings(max_examples=30, deadline=None)
def test_turns_are_not_wasted(starts, seed):
    world = World(seed)
    world.time.run([world.consumer(str(number), start, 35) for number, start in enumerate(starts)])
    times = [at - world.began for at, _ in world.slack.posted]
    # A second apart, the time of a post, and a look at the table.
    assert max(times) <= max(starts) + 2.5 * len(starts)


def test_a_long_pause_is_not_waited_for():
    world = World(1, [300])
    world.time.run([world.consumer("first", 0, 35), world.consumer("second", 3, 35)])
    assert world.gave_up == ["first", "second"]
    assert world.time.now() - world.began < 5
    # It stands for whoever comes later.
    world.time.run([world.consumer("third", 200, 35), world.consumer("fourth", 280, 35)])
    assert world.gave_up == ["first", "second", "third"]
    assert [name for _, name in world.slack.posted] == ["fourth"]
    assert world.slack.too_early == []


def test_a_holder_that_is_no_more_loses_its_turn_to_the_lease():
    world = World(1)

    def dies():
        world.turns.take(CHANNEL, world.time.now() + 1)

    world.time.run([dies, world.consumer("next", 0.5, 35)])
    assert [name for _, name in world.slack.posted] == ["next"]
    assert LEASE_SECONDS <= world.time.now() - world.began < LEASE_SECONDS + 3


def test_a_turn_lost_to_the_lease_does_not_shorten_the_next_ones():
    world = World(1)

    def is_slow():
        turn = world.turns.take(CHANNEL, world.time.now() + 1)
        world.time.sleep(LEASE_SECONDS + 0.5)
        turn.end(0)

    def comes_next():
        world.time.sleep(1)
        world.turns.take(CHANNEL, world.time.now() + 35)
        world.time.sleep(5)

    world.time.run([is_slow, comes_next])
    not_before, holder = world.table.items[CHANNEL]
    assert holder
    assert not_before / 1000 - world.began >= 2 * LEASE_SECONDS


def test_a_past_deadline_is_no_turn():
    time = Simulation()
    turns = Turns(MemoryTable(time.sleep), time.now, time.sleep)
    with pytest.raises(NotNowError, match="others kept posting to C0123OPS"):
        turns.take(CHANNEL, time.now() - 1)


def test_a_turn_that_cannot_be_ended_is_logged_and_no_error(capsys):
    class Broken(MemoryTable):
        def end(self, channel: str, holder: str, *, not_before_ms: int) -> None:
            raise OSError("canary")

    table = Broken(lambda _: None)
    Turns(table, lambda: 1.0, lambda _: None).take(CHANNEL, 2.0).end()
    line = capsys.readouterr().out
    assert '"event": "turn_not_ended"' in line
    assert "canary" not in line
