"""The Slack page, on the example as `chatops-local up` serves it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from chatops_local.cloud import LocalCloud
from chatops_local.page import PageServer, Workbench
from tests.browser import accessibility
from tests.browser.conftest import OpenPage
from tests.browser.slack_page import SlackPage

EXAMPLE = Path(__file__).parents[2] / "examples" / "ops_bot"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with LocalCloud.start(time_scale=0.05) as cloud:
        workbench = Workbench(EXAMPLE, cloud)
        workbench.deploy()
        with PageServer(workbench, 0) as server:
            yield server.url


@pytest.fixture
def slack(url: str, page: Page) -> Iterator[SlackPage]:
    page.set_default_timeout(15_000)
    opened = SlackPage(page, url)
    yield opened
    assert opened.failures == []
    assert page.evaluate("window.violations") == []


def test_ps_from_ack_to_result_with_all_that_is_behind_it(slack: SlackPage) -> None:
    slack.type("/ps")
    expect(slack.message("Running /ps")).to_be_visible()
    expect(slack.messages().first).to_contain_text("alex")
    expect(slack.messages().first.locator(".content")).to_have_text("/ps")
    result = slack.message("succeeded on 2 of 2 instances")
    expect(result).to_contain_text("web-1")
    expect(result).to_contain_text("✅")
    expect(result).to_contain_text("@alex")
    expect(result.locator("pre")).to_have_count(2)
    expect(slack.work.get_by_text("succeeded in")).to_be_visible()

    states = slack.work.locator(".states li")
    sending = states.filter(has=slack.page.get_by_text("Send the script", exact=True))
    expect(sending).to_contain_text("ssm:sendCommand")
    expect(states.filter(has_text="Find the instances")).to_contain_text("done")
    expect(states.filter(has_text="Report")).to_contain_text("ms")

    for instance in ("web-1", "web-2"):
        script = slack.work.get_by_role("group").filter(has_text=instance)
        expect(script).to_contain_text("Success, exit code 0")
        script.get_by_text(instance).click()
        expect(script.locator("pre")).to_contain_text("COMMAND")

    machine = slack.work.get_by_role("group").filter(has_text="Slack/Commands/Ps/Machine/Role")
    permitted = machine.get_by_role("listitem").filter(has_text="ssm:SendCommand").filter(has_text="document/")
    expect(permitted).to_be_visible()
    expect(permitted).to_contain_text("allowed by its DefaultPolicy › SendThisScript")
    dispatch = slack.work.get_by_role("group").filter(has_text="Slack/DispatchRole")
    expect(dispatch).to_contain_text("states:StartExecution")


@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_in_the_details(url: str, open_page: OpenPage, width: int) -> None:
    slack = SlackPage(open_page(bypass_csp=True, viewport={"width": width, "height": 800}), url)
    slack.type("/uptime")
    expect(slack.message("succeeded on").last).to_be_visible()
    slack.messages().last.get_by_role("button", name="details").click()
    expect(slack.work.get_by_text("Success, exit code 0")).to_have_count(2)
    slack.work.locator("details").evaluate_all("all => all.forEach((each) => (each.open = true))")
    accessibility.check(slack.page)
    accessibility.check_fits(slack.page)


def test_an_answer_of_a_function_for_one(slack: SlackPage) -> None:
    slack.type("/hello world")
    answer = slack.message("Hello world!")
    expect(answer).to_contain_text("Only visible to you")
    slack.be("sam")
    expect(slack.message("Hello world!")).to_have_count(0)


def test_an_instance_that_is_offline_is_missing_from_the_result(slack: SlackPage) -> None:
    slack.work.get_by_label("agent online on web-2").uncheck()
    slack.type("/uptime")
    expect(slack.message("/uptime").last).to_contain_text("web-1")
    expect(slack.work.locator(".summary")).to_contain_text("ack after")
    slack.work.get_by_label("agent online on web-2").check()
