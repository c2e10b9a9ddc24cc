"""A pair of IP sets at run time: what is read, written, tried again and told."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from chatops_runtime.contracts import ip_ranges
from chatops_runtime.contracts import ip_sets as contract
from chatops_runtime.ip_sets.ids import IpSetNotFoundError
from chatops_runtime.ip_sets.pair import IpSetPair, PairBehindError
from chatops_runtime.ip_sets.patience import OutOfTimeError, Patience
from chatops_runtime.ip_sets.reconciliation import TooManyRangesError
from tests.runtime.ip_sets.fake_waf import DESCRIPTION, NAMES, V4, V6, FakeWaf, aws_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chatops_runtime.contracts.ip_ranges import Network

WANTED = ("198.51.100.7/32", "203.0.113.0/24", "2001:db8:0:1::/64")


class Clock:
    def __init__(self) -> None:
        self.time = 1_000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.slept.append(seconds)
        self.time += seconds


class World:
    def __init__(self, others: int = 0) -> None:
        self.clock = Clock()
        self.waf = FakeWaf(self.clock.now, others=others)
        self.pair = IpSetPair(NAMES, self.waf, Patience(self.clock.now, self.clock.sleep, lambda _, most: most))

    def deadline(self, seconds: float = 60.0) -> float:
        return self.clock.time + seconds


@pytest.fixture
def world() -> World:
    return World()


def truth(*texts: str) -> Callable[[], Iterable[Network]]:
    return lambda: map(ip_ranges.parse, texts)


class TestReconcile:
    def test_each_family_goes_into_its_set(self, world: World) -> None:
        done = world.pair.reconcile(truth(*WANTED), deadline=world.deadline())
        assert world.waf.updates == [
            {"Name": V4, "Addresses": ["198.51.100.7/32", "203.0.113.0/24"], "Description": DESCRIPTION},
            {"Name": V6, "Addresses": ["2001:db8:0:1::/64"], "Description": DESCRIPTION},
        ]
        assert done.changed
        assert (done.ipv4.name, done.ipv4.added, done.ipv4.removed, done.ipv4.size, done.ipv4.written) == (
            V4,
            ("198.51.100.7/32", "203.0.113.0/24"),
            (),
            2,
            True,
        )
        assert done.ipv6.added == ("2001:db8:0:1::/64",)

    def test_what_is_as_it_should_be_is_not_written_though_aws_spells_it_otherwise(self, world: World) -> None:
        world.pair.reconcile(truth(*WANTED), deadline=world.deadline())
        assert world.waf.sets[V6].addresses != ["2001:db8:0:1::/64"], "the double spells it otherwise"
        world.waf.calls.clear()
        done = world.pair.reconcile(truth(*reversed(WANTED)), deadline=world.deadline())
        assert world.waf.calls == ["get_ip_set", "get_ip_set"]
        assert not done.changed
        assert not done.ipv4.written
        assert done.ipv4.size == 2

    def test_ranges_within_others_and_doubles_are_left_out(self, world: World) -> None:
        world.pair.reconcile(truth("8.8.0.0/16", "8.8.8.8/32", "8.8.0.0/16"), deadline=world.deadline())
        assert world.waf.networks == {"8.8.0.0/16"}

    def test_everyone(self, world: World) -> None:
        world.pair.reconcile(truth(*ip_ranges.EVERYONE), deadline=world.deadline())
        assert world.waf.networks == set(ip_ranges.EVERYONE)

    def test_nobody(self, world: World) -> None:
        world.pair.reconcile(truth(*WANTED), deadline=world.deadline())
        done = world.pair.reconcile(truth(), deadline=world.deadline())
        assert world.waf.networks == set()
        assert done.ipv4.removed == ("198.51.100.7/32", "203.0.113.0/24")

    def test_the_description_of_the_stack_stays(self, world: World) -> None:
        world.waf.sets[V4].put([], "Another", 0)
        world.waf.sets[V6].put([], None, 0)
        world.pair.reconcile(truth(*WANTED), deadline=world.deadline())
        assert [update["Description"] for update in world.waf.updates] == ["Another", None]

    def test_a_reset_by_a_deployment_heals_and_is_told(self, world: World) -> None:
        world.pair.reconcile(truth(*WANTED), deadline=world.deadline())
        world.waf.reset()
        done = world.pair.reconcile(truth(*WANTED), deadline=world.deadline())
        assert world.waf.networks == set(WANTED)
        assert done.ipv4.added == ("198.51.100.7/32", "203.0.113.0/24")

    def test_a_truth_that_changed_while_the_set_was_as_the_new_one_wants_it(self, world: World) -> None:
        """Somebody empties the truth, finds the set empty, and leaves before the update of the older truth comes."""
        wanted = list(WANTED)

        def changing() -> Iterable[Network]:
            found = [*map(ip_ranges.parse, wanted)]
            if wanted:
                wanted.clear()
                emptied = world.pair.reconcile(truth(), deadline=world.deadline())
                assert not emptied.changed
            return found

        done = world.pair.reconcile(changing, deadline=world.deadline())
        assert world.waf.networks == set()
        assert (done.changed, done.ipv4.written, done.ipv4.tries) == (False, True, 2)

    def test_a_replaced_set_is_found_again(self, world: World) -> None:
        world.pair.reconcile(truth(*WANTED), deadline=world.deadline())
        world.waf.create(V4, "IPV4")
        world.pair.reconcile(truth(*WANTED), deadline=world.deadline())
        assert world.waf.networks == set(WANTED)

    def test_ten_thousand_and_one_is_told_before_anything_is_written(self, world: World) -> None:
        many = [ipaddress.ip_network((0x08000000 + 2 * number, 32)) for number in range(10_001)]
        with pytest.raises(TooManyRangesError, match=f"{V4} would have 10001 ranges; an IP set holds 10000"):
            world.pair.reconcile(lambda: many, deadline=world.deadline())
        assert world.waf.updates == []
        world.pair.reconcile(lambda: many[1:], deadline=world.deadline())
        assert len(world.waf.networks) == 10_000


class TestFindingTheSets:
    def test_among_many_pages(self) -> None:
        world = World(others=250)
        world.pair.reconcile(truth(*WANTED), deadline=world.deadline())
        assert world.waf.networks == set(WANTED)

    def test_only_once(self, world: World) -> None:
        for _ in range(3):
            world.pair.reconcile(truth(*WANTED), deadline=world.deadline())
        assert world.waf.calls.count("list_ip_sets") == 1

    def test_one_that_is_not_there(self, world: World) -> None:
        del world.waf.sets[V6]
        with pytest.raises(
            IpSetNotFoundError, match=f"no IP set {V6} of scope CLOUDFRONT in us-east-1: deploy the stack"
        ):
            world.pair.reconcile(truth(*WANTED), deadline=world.deadline())
        assert world.clock.slept == [], "waiting does not bring it"


PASSING = [
    "WAFOptimisticLockException",
    "ThrottlingException",
    "Throttling",
    "RequestLimitExceeded",
    "TooManyRequestsException",
    "WAFInternalErrorException",
    "WAFUnavailableEntityException",
    "WAFNonexistentItemException",
    "503",
    "no answer",
    "lost answer",
]


class TestTroubles:
    @pytest.mark.parametrize("trouble", PASSING)
    @pytest.mark.parametrize("operation", ["list_ip_sets", "get_ip_set", "update_ip_set"])
    def test_what_passes_is_tried_again(self, world: World, operation: str, trouble: str) -> None:
        if (trouble, operation) not in [("lost answer", "list_ip_sets"), ("lost answer", "get_ip_set")]:
            world.waf.failures[operation] = [trouble, trouble]
            done = world.pair.reconcile(truth(*WANTED), deadline=world.deadline())
            assert world.waf.networks == set(WANTED)
            assert len(world.clock.slept) == 2
            assert done.changed

    def test_an_update_whose_answer_was_lost_is_told_all_the_same(self, world: World) -> None:
        world.waf.failures["update_ip_set"] = ["lost answer"]
        done = world.pair.reconcile(truth("8.8.8.8/32"), deadline=world.deadline())
        assert done.ipv4.added == ("8.8.8.8/32",)
        assert (done.ipv4.tries, done.ipv4.written) == (2, False)
        assert len(world.waf.updates) == 1

    def test_after_a_conflict_all_is_read_anew(self, world: World) -> None:
        table = ["8.8.8.8/32"]
        reads: list[list[str]] = []

        def read() -> list[Network]:
            if not reads:
                # Meanwhile somebody registers and is the first to write.
                table.append("9.9.9.9/32")
                world.waf.sets[V4].put(table, DESCRIPTION, 0)
                table.append("1.1.1.1/32")
            reads.append(list(table))
            return [ip_ranges.parse(text) for text in table]

        world.pair.reconcile(read, deadline=world.deadline())
        assert world.waf.networks == {"8.8.8.8/32", "9.9.9.9/32", "1.1.1.1/32"}

    def test_pauses_grow_and_are_random(self, world: World) -> None:
        asked = []

        def uniform(least: float, most: float) -> float:
            asked.append((least, most))
            return most

        pair = IpSetPair(NAMES, world.waf, Patience(world.clock.now, world.clock.sleep, uniform))
        world.waf.failures["get_ip_set"] = ["ThrottlingException"] * 6
        pair.reconcile(truth(), deadline=world.deadline())
        assert asked == [(0.05, longest) for longest in (1, 2, 4, 8, 8, 8)]

    @pytest.mark.parametrize(
        "code", ["AccessDeniedException", "WAFInvalidParameterException", "WAFLimitsExceededException"]
    )
    @pytest.mark.parametrize("operation", ["list_ip_sets", "get_ip_set", "update_ip_set"])
    def test_what_does_not_pass_is_raised_at_once(self, world: World, operation: str, code: str) -> None:
        world.waf.failures[operation] = [code]
        with pytest.raises(ClientError, match=code):
            world.pair.reconcile(truth(*WANTED), deadline=world.deadline())
        assert world.clock.slept == []

    def test_a_truth_that_cannot_be_read_is_raised(self, world: World) -> None:
        def read() -> Iterable[Network]:
            raise RuntimeError("no table")

        with pytest.raises(RuntimeError, match="no table"):
            world.pair.reconcile(read, deadline=world.deadline())
        assert world.waf.updates == []

    def test_a_throttled_truth_is_read_again(self, world: World) -> None:
        errors = [aws_error("ThrottlingException", "Query")]

        def read() -> Iterable[Network]:
            if errors:
                raise errors.pop()
            return [ip_ranges.parse("8.8.8.8/32")]

        world.pair.reconcile(read, deadline=world.deadline())
        assert world.waf.networks == {"8.8.8.8/32"}


class TestDeadline:
    def test_is_told_with_what_was_done(self, world: World) -> None:
        world.waf.failures["update_ip_set"] = ["WAFOptimisticLockException"] * 100
        began = world.clock.time
        with pytest.raises(PairBehindError) as caught:
            world.pair.reconcile(truth("8.8.8.8/32"), deadline=world.deadline(20))
        assert str(caught.value) == (f"{V4}: tried 6 times until the deadline; at last: WAFOptimisticLockException")
        assert [one.name for one in caught.value.done] == [V6]
        assert world.clock.time == began + 20, "the last try is at the deadline"

    def test_the_second_set_is_tried_even_then(self, world: World) -> None:
        world.waf.failures["update_ip_set"] = ["ThrottlingException"] * 6
        with pytest.raises(PairBehindError, match=f"^{V4}: "):
            world.pair.reconcile(truth(*WANTED), deadline=world.deadline(20))
        assert world.waf.networks == {"2001:db8:0:1::/64"}

    def test_both_behind(self, world: World) -> None:
        world.waf.failures["update_ip_set"] = ["ThrottlingException"] * 100
        with pytest.raises(PairBehindError, match=f"^{V4}: .*; {V6}: tried 1 times") as caught:
            world.pair.reconcile(truth(*WANTED), deadline=world.deadline(20))
        assert caught.value.done == ()

    def test_one_that_has_passed_allows_one_try(self, world: World) -> None:
        world.pair.reconcile(truth(*WANTED), deadline=world.deadline(-5))
        assert world.waf.networks == set(WANTED)


class TestRead:
    def test_both_sets(self, world: World) -> None:
        world.pair.reconcile(truth(*WANTED), deadline=world.deadline())
        assert world.pair.read(deadline=world.deadline()) == frozenset(map(ip_ranges.parse, WANTED))

    def test_waits(self, world: World) -> None:
        world.waf.failures["get_ip_set"] = ["ThrottlingException", "WAFNonexistentItemException"]
        assert world.pair.read(deadline=world.deadline()) == frozenset()

    def test_not_for_ever(self, world: World) -> None:
        world.waf.failures["get_ip_set"] = ["ThrottlingException"] * 100
        with pytest.raises(OutOfTimeError):
            world.pair.read(deadline=world.deadline(10))


class TestContract:
    TEXT = contract.render(scope="CLOUDFRONT", region="us-east-1", ipv4=V4, ipv6=V6)

    def test_is_read_as_it_was_rendered(self) -> None:
        assert contract.read(self.TEXT) == NAMES

    def test_of_another_version_is_refused(self) -> None:
        with pytest.raises(ValueError, match="has version 2, this code reads version 1"):
            contract.read(self.TEXT.replace('"version":1', '"version":2'))

    def test_the_client_is_of_the_pairs_region(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-1")
        pair = IpSetPair.from_contract(self.TEXT)
        for ip_set in pair._sets:
            assert ip_set._client.meta.region_name == "us-east-1"
            # Ours alone: else a deadline would mean little.
            assert ip_set._client.meta.config.retries["total_max_attempts"] == 1
