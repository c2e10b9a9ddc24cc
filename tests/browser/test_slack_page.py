"""The Slack page, on a small cloud whose endpoint answers what a test says."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from chatops_local.page import PageServer
from chatops_local.page import run as run_module
from chatops_local.slack import sent_command
from tests.browser import accessibility
from tests.browser.conftest import OpenPage
from tests.browser.slack_page import SlackPage
from tests.local.page.small_cloud import SmallCloud, small_page


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


class TestTyping:
    def test_a_command_is_completed_with_the_keyboard(self, slack: SlackPage) -> None:
        slack.field.press_sequentially("/")
        options = slack.page.get_by_role("listbox", name="Slash commands").get_by_role("option")
        expect(options).to_have_count(3)
        slack.field.press_sequentially("o")
        expect(options).to_have_count(2)
        expect(options.nth(0)).to_have_attribute("aria-selected", "true")
        slack.field.press("ArrowDown")
        expect(options.nth(1)).to_have_attribute("aria-selected", "true")
        expect(slack.field).to_have_attribute("aria-activedescendant", "suggestion-1")
        slack.field.press("ArrowDown")
        slack.field.press("Enter")
        expect(slack.field).to_have_value("/ops restart ")
        expect(slack.field).to_have_attribute("aria-expanded", "false")
        expect(slack.page.locator("#hint")).to_have_text("/ops restart <service> service which one")
        expect(slack.messages()).to_have_count(0)

    def test_escape_closes_the_list_and_tab_completes(self, slack: SlackPage) -> None:
        slack.field.press_sequentially("/p")
        slack.field.press("Escape")
        expect(slack.page.get_by_role("listbox", name="Slash commands")).to_be_hidden()
        slack.field.press("Backspace")
        slack.field.press_sequentially("p")
        slack.field.press("Tab")
        expect(slack.field).to_have_value("/ps")
        expect(slack.field).to_be_focused()

    def test_a_command_is_completed_with_the_pointer(self, slack: SlackPage) -> None:
        slack.field.press_sequentially("/")
        slack.page.get_by_role("option", name="/ps").click()
        expect(slack.field).to_have_value("/ps")
        expect(slack.field).to_be_focused()

    def test_what_was_typed_comes_again_with_the_arrows(self, slack: SlackPage) -> None:
        for text in ("one", "two"):
            slack.type(text)
        for key, value in (
            ("ArrowUp", "two"),
            ("ArrowUp", "one"),
            ("ArrowUp", "one"),
            ("ArrowDown", "two"),
            ("ArrowDown", ""),
        ):
            slack.field.press(key)
            expect(slack.field).to_have_value(value)

    def test_a_problem_is_said(self, slack: SlackPage, cloud: SmallCloud) -> None:
        slack.field.fill("x" * 12_001)
        slack.field.press("Enter")
        expect(slack.page.get_by_role("alert")).to_contain_text("1 to 12000 are expected")
        slack.type("short")
        expect(slack.page.get_by_role("alert")).to_have_text("")


class TestWhoSeesWhat:
    def test_an_ephemeral_answer_is_seen_by_one(self, slack: SlackPage, cloud: SmallCloud) -> None:
        cloud.answers["/ps"] = ({"text": "just for you"}, 0)
        slack.type("/ps")
        expect(slack.message("just for you")).to_contain_text("Only visible to you")
        slack.type("for all")
        expect(slack.message("for all")).to_be_visible()
        slack.be("sam")
        expect(slack.message("for all")).to_be_visible()
        expect(slack.message("just for you")).to_have_count(0)

    def test_what_was_typed_is_shown_with_an_answer_for_the_channel(self, slack: SlackPage, cloud: SmallCloud) -> None:
        cloud.answers["/ps"] = ({"text": "here it is", "response_type": "in_channel"}, 0)
        slack.type("/ps")
        expect(slack.messages()).to_have_count(2)
        expect(slack.messages().nth(0)).to_contain_text("/ps")
        expect(slack.messages().nth(1)).to_contain_text("here it is")
        slack.be("sam")
        expect(slack.messages()).to_have_count(2)

    def test_until_it_is_known_what_another_sees_the_conversation_is_busy(self, slack: SlackPage) -> None:
        held: list[Route] = []
        slack.page.route("**/api/events?user=*", lambda route: held.append(route), times=1)  # noqa: PLW0108 - not a built-in
        slack.page.get_by_label("You are").select_option(label="sam")
        expect(slack.log).to_have_attribute("aria-busy", "true")
        while not held:
            slack.page.wait_for_timeout(10)
        held[0].continue_()
        expect(slack.log).not_to_have_attribute("aria-busy", "true")

    def test_operation_timeout(self, slack: SlackPage, cloud: SmallCloud, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(run_module, "LATE_SECONDS", 0.3)
        monkeypatch.setattr(sent_command, "ACK_LIMIT_MS", 200)
        cloud.answers["/ps"] = ({"text": "too late"}, 1.0)
        slack.type("/ps")
        told = slack.message('/ps failed with the error "operation_timeout"')
        expect(told).to_contain_text("Only visible to you")
        expect(slack.work).to_contain_text("no ack in 3,000 ms: operation_timeout")
        expect(slack.work).to_contain_text("200 ms are allowed")
        expect(slack.message("too late")).to_have_count(0)

    def test_a_new_message_elsewhere_is_marked(self, slack: SlackPage, cloud: SmallCloud) -> None:
        cloud.post("chat.postMessage", channel="C0ALERTS", text="disk is full")
        channel = slack.page.get_by_role("button", name="# c0alerts 1 new")
        channel.click()
        expect(slack.message("disk is full")).to_be_visible()
        expect(slack.page.get_by_role("button", name="# c0alerts", exact=True)).to_have_attribute(
            "aria-current", "page"
        )

    def test_a_channel_is_added(self, slack: SlackPage) -> None:
        slack.page.get_by_label("Add a channel").fill("deploys")
        slack.page.get_by_label("Add a channel").press("Enter")
        expect(slack.page.get_by_role("heading", name="# deploys")).to_be_visible()

    def test_a_thread_is_below_its_message(self, slack: SlackPage, cloud: SmallCloud) -> None:
        ts = cloud.post("chat.postMessage", channel="C0LOCALOPS", text="deploying")["ts"]
        expect(slack.message("deploying")).to_be_visible()
        slack.type("in between")
        expect(slack.message("in between")).to_be_visible()
        cloud.post("chat.postMessage", channel="C0LOCALOPS", text="step 1", thread_ts=ts)
        expect(slack.log.locator(".replies").get_by_role("article")).to_contain_text("step 1")
        slack.be("sam")
        expect(slack.log.locator(".replies").get_by_role("article")).to_contain_text("step 1")

    def test_output_cannot_become_markup(self, slack: SlackPage, cloud: SmallCloud) -> None:
        hostile = "<img src=x onerror=alert(1)> &lt;script&gt;alert(1)&lt;/script&gt; <javascript:alert(1)|click>"
        cloud.post("chat.postMessage", channel="C0LOCALOPS", text=hostile)
        message = slack.message("onerror")
        expect(message).to_contain_text("<script>alert(1)</script> <javascript:alert(1)|click>")
        expect(message.locator("img, script, a")).to_have_count(0)


class TestWorking:
    def test_an_agent_is_cut_off(self, slack: SlackPage, cloud: SmallCloud) -> None:
        slack.work.get_by_label("agent online on web-2").uncheck()
        expect(slack.work.get_by_label("agent online on web-1")).to_be_checked()
        slack.page.wait_for_timeout(50)
        assert cloud.server.online == {"web-1": True, "web-2": False}

    def test_from_an_answer_to_its_details(self, slack: SlackPage, cloud: SmallCloud) -> None:
        cloud.answers["/ps"] = ({"text": "first"}, 0)
        cloud.answers["/ops status"] = ({"text": "second"}, 0)
        slack.type("/ps")
        expect(slack.message("first")).to_be_visible()
        slack.type("/ops status")
        expect(slack.message("second")).to_be_visible()
        chosen = slack.page.get_by_label("Command to look at")
        expect(chosen.locator("option:checked")).to_contain_text("/ops status · alex")
        slack.message("first").get_by_role("button", name="details").click()
        expect(chosen.locator("option:checked")).to_contain_text("/ps · alex")
        expect(chosen).to_be_focused()

    def test_a_deployment_that_fails_says_why(self, slack: SlackPage, cloud: SmallCloud) -> None:
        cloud.fault = RuntimeError("line 3 is wrong")
        slack.page.get_by_role("button", name="Redeploy").click()
        expect(slack.page.get_by_role("alert")).to_have_text("line 3 is wrong")
        expect(slack.page.get_by_role("status")).to_have_text("the latest change is not deployed")
        cloud.fault = None
        slack.page.get_by_role("button", name="Redeploy").click()
        expect(slack.page.get_by_role("alert")).to_have_text("")

    def test_what_slack_would_not_tell(self, slack: SlackPage, cloud: SmallCloud) -> None:
        cloud.post("chat.postMessage", channel="C0LOCALOPS", text="")
        expect(slack.work.get_by_role("region", name="What Slack would not tell")).to_contain_text("no_text")

    def test_the_end_of_the_server_is_said(self, open_page: OpenPage) -> None:
        with small_page() as (_, server):
            page = open_page()
            SlackPage(page, server.url)
        expect(page.get_by_role("status")).to_have_text("chatops-local has ended")


class TestLooks:
    @pytest.mark.parametrize("viewport", [{"width": 1280, "height": 800}, {"width": 360, "height": 740}])
    def test_axe_finds_nothing(
        self, served: tuple[SmallCloud, PageServer], open_page: OpenPage, viewport: dict[str, Any]
    ) -> None:
        cloud, server = served
        cloud.answers["/ps"] = ({"text": "`code` and *more*"}, 0)
        slack = SlackPage(open_page(bypass_csp=True, viewport=viewport), server.url)
        slack.type("/ps")
        expect(slack.message("code and more")).to_be_visible()
        cloud.post(
            "chat.postMessage", channel="C0LOCALOPS", text="```\na  b\n```\n<@U0LOCALSAM> <https://example.com|x>"
        )
        expect(slack.message("@sam")).to_be_visible()
        accessibility.check(slack.page)
        slack.field.press_sequentially("/")
        accessibility.check(slack.page)

    def test_on_a_phone_the_panels_are_drawers(
        self, served: tuple[SmallCloud, PageServer], open_page: OpenPage
    ) -> None:
        slack = SlackPage(open_page(viewport={"width": 360, "height": 740}, is_mobile=True), served[1].url)
        accessibility.check_fits(slack.page)
        expect(slack.work).to_be_hidden()
        slack.page.get_by_role("button", name="Details").click()
        expect(slack.work.get_by_text("web-1", exact=True)).to_be_visible()
        accessibility.check_fits(slack.page)
        slack.page.keyboard.press("Escape")
        expect(slack.work).to_be_hidden()
        slack.page.get_by_role("button", name="Channels").click()
        slack.page.get_by_role("button", name="# general").click()
        expect(slack.page.get_by_role("heading", name="# general")).to_be_visible()
        expect(slack.page.get_by_role("navigation")).to_be_hidden()
