"""Texts of two stages that say the same, whatever is around the stages' own words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_constructs.stages.own_words import OwnWords

NAMES = ("staging", "production")
ACCOUNTS = ("111122223333", "444455556666")
REGIONS = ("eu-central-1", "us-gov-west-1")
CHANNELS = ("C0STAGING", "C0TEAM")
OWN = (NAMES, ACCOUNTS, REGIONS, CHANNELS)

# No letters or digits of which an own word could become another one, and no hash.
between = st.text(alphabet="/:.,-_ {}$\n\"'", min_size=1, max_size=3)
parts = st.lists(st.tuples(between, st.sampled_from(OWN)), min_size=1, max_size=8)


def words(*pairs: tuple[str, str]) -> OwnWords:
    return OwnWords(NAMES, [ACCOUNTS, REGIONS, CHANNELS, *pairs], lambda *_: False)


def rendered(chosen: list[tuple[str, tuple[str, str]]], stage: int) -> str:
    return "".join(f"{text}{own[stage]}" for text, own in chosen)


@given(parts)
def test_own_words_stand_for_each_other(chosen: list[tuple[str, tuple[str, str]]]) -> None:
    assert words().say_the_same(rendered(chosen, 0), rendered(chosen, 1))


@given(parts, st.data())
def test_another_word_of_one_s_own_is_another_text(
    chosen: list[tuple[str, tuple[str, str]]], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(chosen) - 1))
    text, own = chosen[place]
    other = data.draw(st.sampled_from([each for each in OWN if each is not own]))
    changed = [*chosen[:place], (text, other), *chosen[place + 1 :]]
    assert not words().say_the_same(rendered(chosen, 0), rendered(changed, 1))


@given(parts, between, between)
def test_another_text_between_them_is_another_text(
    chosen: list[tuple[str, tuple[str, str]]], first: str, second: str
) -> None:
    said = words().say_the_same(rendered(chosen, 0) + first, rendered(chosen, 1) + second)
    assert said is (first == second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("eu-central-1a", "us-gov-west-1a"),
        ("staging-Bots_Slack_Ps_1A2B3C4D", "production-Bots_Slack_Ps_5E6F7A8B"),
        # The longer name has lost its middle.
        ("staging-Bots_SlackCommands_Ps_1A2B3C4D", "production-Bots_Slackds_Ps_5E6F7A8B"),
        ("stagingBotsJobs1A2B3C4D", "productionBotsJobs5E6F7A8B"),
        ("Receives for staging/Bots", "Receives for production/Bots"),
        ("STAGING-Bots-1A2B3C4D", "PRODUCTION-Bots-5E6F7A8B"),
        ("Bots/SlackPoster1A2B3C4D/Function", "Bots/SlackPoster5E6F7A8B/Function"),
        ("SlackPoster1A2B3C4DRoleBC2DE323", "SlackPoster5E6F7A8BRoleA28E2D5E"),
        ("ReadKey21A2B3C", "ReadKey25E6F7A"),
        ("of staging: ReadKey1A2B3C", "of production: ReadKey5E6F7A"),
    ],
)
def test_names_that_are_made_of_the_stage_s(first: str, second: str) -> None:
    assert words().say_the_same(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("C0STAGINGS", "C0TEAMS"),
        ("eu-central-11", "us-gov-west-11"),
        ("1A2B3C4D", "5E6F7A8B"),
        ("Jobs-1A2B3C4D", "Jobs-5E6F7A8B"),
        ("Jobs1A2B3C4D", "Tasks5E6F7A8B"),
        ("ReadKey1A2B3C of x", "ReadKey5E6F7A of y"),
        ("C1A2B3C4D", "C5E6F7A8B"),
        ("U01A2B3C4D", "U05E6F7A8B"),
        ("staging-Bots_Slack_Ps_1A2B3C4D", "production-Bots_Slack_Ps"),
        ("a" * 64, "b" * 64),
        ("staging", "staging-eu"),
        ("staging 5", "production 6"),
    ],
)
def test_what_only_looks_alike(first: str, second: str) -> None:
    assert not words().say_the_same(first, second)


def test_a_name_with_a_hash_stands_for_one_other_only() -> None:
    own = words()
    assert own.say_the_same("staging-Bots_Ps_1A2B3C4D", "production-Bots_Ps_5E6F7A8B")
    assert own.say_the_same("of staging-Bots_Ps_1A2B3C4D", "of production-Bots_Ps_5E6F7A8B")
    assert not own.say_the_same("staging-Bots_Ps_1A2B3C4D", "production-Bots_Ps_00000000")
    assert not own.say_the_same("staging-Bots_Ps_00000000", "production-Bots_Ps_5E6F7A8B")
    assert own.say_the_same("Poster11111111", "Poster22222222")
    assert not own.say_the_same("Poster11111111", "Poster33333333")


def test_two_settings_may_be_one_value_in_one_stage() -> None:
    own = words(("C0STAGING", "C0ALARMS"))
    assert own.say_the_same("C0STAGING, C0STAGING", "C0TEAM, C0ALARMS")
    assert not own.say_the_same("C0STAGING", "C0OTHER")


def test_numbers_stand_for_each_other_as_settings_do() -> None:
    assert words(("256", "1024")).stand_for_each_other("256", "1024")
    assert not words(("256", "1024")).stand_for_each_other("256", "512")
