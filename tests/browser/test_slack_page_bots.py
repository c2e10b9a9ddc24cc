"""Mentions, threads and schedules on the Slack page, with the keyboard and the pointer."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from chatops_local.page import PageServer
from tests.browser import accessibility
from tests.browser.slack_page import SlackPage
from tests.local.page.small_cloud import SCHEDULE, SmallCloud, small_page


@pytest.fixture
def served() -> Iterator[tuple[SmallCloud, PageServer]]:
    with small_page() as both:
        yield both


@pytest.fixture
def cloud(served: tuple[SmallCloud, PageServer]) -> SmallCloud:
    return served[0]


@pytest.fixture
def slack(served: tuple[SmallCloud, PageServer], page: Page) -> Iterator[SlackPage]:
    opened = SlackPage(page, served[1].url)
    yield opened
    assert opened.failures == []
    assert page.evaluate("window.violations") == []


def test_a_mention_is_completed_and_its_answer_is_in_the_thread(slack: SlackPage, cloud: SmallCloud) -> None:
    slack.field.press_sequentially("@")
    expect(slack.page.get_by_role("option", name="@bot")).to_contain_text("answers questions")
    slack.field.press("Enter")
    expect(slack.field).to_have_value("@bot ")
    slack.field.press_sequentially("is it open?")
    slack.field.press("Enter")
    said = slack.message("is it open?")
    expect(said.locator(".mention")).to_have_text("@Small")
    expect(slack.work).to_contain_text("succeeded")
    cloud.post("chat.postMessage", channel="C0LOCALOPS", text="It is.", thread_ts=cloud.mentions[0]["ts"])
    expect(said.locator(".replies").first).to_contain_text("It is.")


def test_somebody_replies_in_a_thread_and_leaves_it(slack: SlackPage, cloud: SmallCloud) -> None:
    slack.type("anybody there?")
    first = slack.message("anybody there?")
    first.hover()
    first.get_by_role("button", name="reply to alex").click()
    expect(slack.field).to_be_focused()
    expect(slack.page.get_by_text("In the thread of alex")).to_be_visible()
    slack.type("@bot you?")
    expect(first.locator(".replies").first).to_contain_text("you?")
    slack.page.get_by_role("button", name="leave the thread").click()
    expect(slack.page.get_by_text("In the thread of")).to_be_hidden()
    slack.type("outside")
    expect(slack.message("outside")).to_be_visible()
    expect(first.locator(".replies").first).not_to_contain_text("outside")
    assert cloud.mentions[0]["thread_ts"] == cloud.slack.conversation[0].ts


def test_another_channel_is_in_no_thread(slack: SlackPage) -> None:
    slack.type("anybody there?")
    slack.message("anybody there?").hover()
    slack.page.get_by_role("button", name="reply to alex").click()
    slack.page.get_by_role("button", name="general").click()
    expect(slack.page.get_by_text("In the thread of")).to_be_hidden()


def test_a_schedule_is_run(slack: SlackPage, cloud: SmallCloud) -> None:
    schedules = slack.page.get_by_role("region", name="Schedules")
    expect(schedules).to_contain_text("cron(0 9 ? * MON-FRI *) UTC")
    expect(schedules).to_contain_text("next Mon 2026-11-23 09:00")
    with slack.page.expect_response("**/api/ticks"):
        schedules.get_by_role("button", name="Run now Small/Standup").click()
    assert cloud.ticks == [SCHEDULE.arn]


def test_it_is_accessible(served: tuple[SmallCloud, PageServer], unguarded_page: Page) -> None:
    slack = SlackPage(unguarded_page, served[1].url)
    slack.type("anybody there?")
    slack.message("anybody there?").hover()
    slack.page.get_by_role("button", name="reply to alex").click()
    accessibility.check(slack.page)
