"""Approval, menus, confirmation, cancelling and expiry on the Slack page, as `chatops-local up` serves an app."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from chatops_local.cloud import LocalCloud
from chatops_local.page import PageServer, Workbench
from tests.browser import accessibility
from tests.browser.conftest import OpenPage
from tests.browser.slack_page import SlackPage

APP = Path(__file__).parent / "operations_app"
# The minute in which `/ops drain` has to be approved takes six seconds here.
TIME_SCALE = 0.1
PATIENCE = 30_000


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with LocalCloud.start(time_scale=TIME_SCALE) as cloud:
        workbench = Workbench(APP, cloud)
        workbench.deploy()
        with PageServer(workbench, 0) as server:
            yield server.url


@pytest.fixture
def slack(url: str, page: Page) -> Iterator[SlackPage]:
    opened = SlackPage(page, url)
    page.set_default_timeout(PATIENCE)
    yield opened
    assert opened.failures == []
    assert page.evaluate("window.violations") == []


def with_button(slack: SlackPage, command: str, button: str) -> Locator:
    """The latest message about a command that has a button of that name, once there is one."""
    has = slack.page.get_by_role("button", name=button, exact=True)
    message = slack.message(command).filter(has=has).last
    expect(message).to_be_visible(timeout=PATIENCE)
    return slack.log.locator(f'[data-key="{message.get_attribute("data-key")}"]')


def approve(slack: SlackPage, card: Locator) -> None:
    """Click, and say that it is meant."""
    press(card, "Approve")
    press(slack.page.get_by_role("dialog"), "Approve")


def press(message: Locator, button: str) -> None:
    message.get_by_role("button", name=button, exact=True).press("Enter")


def summary(slack: SlackPage) -> Locator:
    return slack.work.locator(".summary")


def look_at(slack: SlackPage, what: str) -> None:
    """Choose in the side panel the latest command, or click, of that text."""
    option = slack.page.get_by_label("Command to look at").locator("option").filter(has_text=what).first
    slack.page.get_by_label("Command to look at").select_option(value=option.get_attribute("value"))


def test_a_menu_an_approval_by_somebody_else_and_the_result(slack: SlackPage) -> None:
    slack.field.press_sequentially("/ops restart ")
    expect(slack.page.locator("#hint")).to_contain_text("service what is restarted")
    slack.field.press("Enter")

    question = with_button(slack, "/ops restart", "Submit")
    expect(question).to_contain_text("Only visible to you")
    question.locator(".menu button").press("Enter")
    slack.page.keyboard.press("Enter")
    expect(question.locator(".menu button")).to_contain_text("nginx")
    press(question, "Submit")

    card = with_button(slack, "/ops restart", "Approve")
    expect(card).to_contain_text("@S0ADMINS")
    expect(summary(slack)).to_contain_text("waiting for a decision", timeout=PATIENCE)
    expect(slack.work).to_contain_text("waits for a decision, until")
    # Who asks may not approve, and is told so privately.
    approve(slack, card)
    expect(slack.message("somebody else has to approve").last).to_contain_text("Only visible to you", timeout=PATIENCE)
    expect(card.get_by_role("button", name="Approve", exact=True)).to_be_visible()

    slack.be("sam")
    expect(slack.message("Only visible to you")).to_have_count(0)
    approve(slack, card)
    expect(card).to_contain_text("Approved", timeout=PATIENCE)
    expect(card).to_contain_text("@sam")
    expect(card.get_by_role("button", name="Approve")).to_have_count(0)
    expect(slack.message("nginx is restarted")).to_contain_text("approved by @sam", timeout=PATIENCE)
    expect(summary(slack)).to_contain_text("succeeded", timeout=PATIENCE)
    look_at(slack, "[Approve] · sam")
    expect(slack.work).to_contain_text("Slack/Decisions", timeout=PATIENCE)


def test_nobody_approves_in_time(slack: SlackPage) -> None:
    slack.type("/ops drain")
    card = with_button(slack, "/ops drain", "Approve")
    expect(card).to_contain_text("Expired", timeout=PATIENCE)
    expect(card.get_by_role("button", name="Approve")).to_have_count(0)
    expect(slack.message("/ops drain was not run").last).to_contain_text("Only visible to you", timeout=PATIENCE)


def test_where_it_runs_is_chosen(slack: SlackPage) -> None:
    slack.type("/ops uptime")
    question = with_button(slack, "/ops uptime", "Submit")
    question.locator(".menu button").click()
    question.get_by_role("option", name="web-2").click()
    slack.page.keyboard.press("Escape")
    press(question, "Submit")
    result = slack.message("succeeded on 1 of 1 instance")
    expect(result).to_contain_text("web-2", timeout=PATIENCE)
    expect(result).not_to_contain_text("web-1")


def test_it_is_meant(slack: SlackPage) -> None:
    slack.type("/ops clear")
    question = with_button(slack, "/ops clear", "Run it")
    press(question, "Run it")
    expect(slack.message("/ops clear succeeded on 2 of 2")).to_be_visible(timeout=PATIENCE)
    expect(question.get_by_role("button", name="Run it")).to_have_count(0)


def test_it_is_cancelled_while_it_runs(slack: SlackPage) -> None:
    slack.type("/ops reindex")
    running = with_button(slack, "/ops reindex", "Cancel")
    expect(slack.work).to_contain_text("Send the script", timeout=PATIENCE)
    press(running, "Cancel")
    expect(slack.message("/ops reindex").filter(has_text="cancelled").last).to_be_visible(timeout=PATIENCE)
    look_at(slack, "/ops reindex")
    expect(summary(slack)).to_contain_text("failed", timeout=PATIENCE)
    expect(slack.work).to_contain_text("Cancelled")


@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_while_it_waits(url: str, open_page: OpenPage, width: int) -> None:
    slack = SlackPage(open_page(bypass_csp=True, viewport={"width": width, "height": 800}), url)
    slack.type("/ops restart nginx")
    with_button(slack, "/ops restart", "Approve")
    slack.type("/ops uptime")
    question = with_button(slack, "/ops uptime", "Submit")
    question.locator(".menu button").click()
    accessibility.check(slack.page)
    slack.page.keyboard.press("Escape")
    accessibility.check_fits(slack.page)
