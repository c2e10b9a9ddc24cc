"""Buttons, menus, dialogs and groups on the Slack page, on a small cloud whose endpoint answers what a test says."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from chatops_local.page import PageServer
from chatops_local.page import run as run_module
from chatops_local.slack import sent_click
from tests.browser import accessibility
from tests.browser.slack_page import SlackPage
from tests.local.page.small_cloud import SmallCloud, small_page
from tests.local.slack.cards import approval, menus

OPS = "C0LOCALOPS"


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


@pytest.fixture
def card(cloud: SmallCloud) -> dict[str, Any]:
    """A question to everybody, which is answered in its place."""

    def approve(payload: dict[str, Any]) -> None:
        text = f"approved by <@{payload['user']['id']}>"
        cloud.respond(payload["response_url"], replace_original=True, text=text)

    cloud.reactions["chatops.approve"] = approve
    return cloud.post("chat.postMessage", channel=OPS, text="Restart nginx?", blocks=approval())


@pytest.fixture
def picker(cloud: SmallCloud) -> dict[str, Any]:
    """A message with menus."""
    return cloud.post("chat.postMessage", channel=OPS, text="Where?", blocks=menus())


def option(panel: Locator, name: str) -> Locator:
    return panel.get_by_role("option", name=name, exact=True)


@pytest.mark.usefixtures("card")
class TestButtons:
    def test_another_person_approves_with_the_keyboard(self, slack: SlackPage, cloud: SmallCloud) -> None:
        expect(slack.message("Restart nginx?")).to_be_visible()
        slack.be("sam")
        button = slack.message("Restart nginx?").get_by_role("button", name="✅ Approve")
        button.press("Enter")
        message = slack.message("approved by @sam")
        expect(message).to_be_visible()
        expect(message.get_by_role("button", name="Approve")).to_have_count(0)
        expect(slack.messages()).to_have_count(1)
        # Whoever used the keyboard is still where the button was.
        expect(message).to_be_focused()
        assert [click["user"]["name"] for click in cloud.clicks] == ["sam"]
        slack.be("alex")
        expect(slack.message("approved by @sam")).to_be_visible()
        expect(slack.page.get_by_label("Command to look at").locator("option")).to_contain_text(["[✅ Approve] · sam"])

    def test_a_dialog_asks_again(self, slack: SlackPage, cloud: SmallCloud) -> None:
        deny = slack.message("Restart nginx?").get_by_role("button", name="Deny")
        deny.press("Enter")
        dialog = slack.page.get_by_role("dialog", name="Sure?")
        expect(dialog).to_contain_text("Nobody restarts it then.")
        slack.page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(deny).to_be_focused()
        deny.click()
        dialog.get_by_role("button", name="Back").click()
        expect(dialog).to_have_count(0)
        assert cloud.clicks == []
        deny.click()
        dialog.get_by_role("button", name="Deny it").click()
        expect(slack.page.get_by_label("Command to look at").locator("option")).to_contain_text(["[Deny]"])
        assert [click["actions"][0]["action_id"] for click in cloud.clicks] == ["chatops.deny"]

    def test_a_click_that_is_refused_has_a_triangle(self, slack: SlackPage, cloud: SmallCloud) -> None:
        cloud.acks["chatops.approve"] = (500, 0.0)
        cloud.reactions.clear()
        approve = slack.message("Restart nginx?").get_by_role("button", name="Approve")
        approve.click()
        expect(slack.message("Restart nginx?").get_by_role("alert")).to_contain_text("dispatch_failed")
        expect(slack.work).to_contain_text("HTTP 500")
        cloud.acks.clear()
        approve.click()
        expect(slack.message("Restart nginx?").get_by_role("alert")).to_have_count(0)

    def test_a_slow_click_turns_and_then_has_a_triangle(
        self, slack: SlackPage, cloud: SmallCloud, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(run_module, "LATE_SECONDS", 0.5)
        monkeypatch.setattr(sent_click, "ACK_LIMIT_MS", 400)
        cloud.acks["chatops.approve"] = (200, 1.0)
        cloud.reactions.clear()
        approve = slack.message("Restart nginx?").get_by_role("button", name="Approve")
        approve.click()
        expect(approve).to_have_attribute("aria-busy", "true")
        expect(slack.message("Restart nginx?").get_by_role("alert")).to_contain_text("did not answer within 3 seconds")
        expect(approve).not_to_have_attribute("aria-busy", "true")

    def test_a_message_that_is_updated_changes_in_its_place(
        self, slack: SlackPage, cloud: SmallCloud, card: dict[str, Any]
    ) -> None:
        slack.type("later")
        expect(slack.messages().nth(0)).to_contain_text("Restart nginx?")
        cloud.post("chat.update", channel=OPS, ts=card["ts"], text="expired")
        expect(slack.messages().nth(0)).to_contain_text("expired (edited)")
        expect(slack.messages().nth(1)).to_contain_text("later")

    def test_a_message_that_is_deleted_is_gone_but_for_its_replies(
        self, slack: SlackPage, cloud: SmallCloud, card: dict[str, Any]
    ) -> None:
        cloud.reactions["chatops.approve"] = lambda payload: cloud.respond(
            payload["response_url"], delete_original=True
        )
        other = cloud.post("chat.postMessage", channel=OPS, text="Reload?", blocks=approval()[1:])
        cloud.post("chat.postMessage", channel=OPS, text="a reply", thread_ts=card["ts"])
        expect(slack.message("a reply").first).to_be_visible()
        for ts in (card["ts"], other["ts"]):
            slack.log.locator(f'[data-key="{ts}"]').get_by_role("button", name="Approve").click()
        expect(slack.log.locator(f'[data-key="{other["ts"]}"]')).to_have_count(0)
        expect(slack.log.locator(f'[data-key="{card["ts"]}"]')).to_contain_text("This message was deleted.")
        expect(slack.message("a reply").first).to_be_visible()

    def test_somebody_of_another_company_clicks_and_types_no_commands(
        self, slack: SlackPage, cloud: SmallCloud
    ) -> None:
        slack.be("eve (of another company)")
        slack.message("Restart nginx?").get_by_role("button", name="Approve").click()
        expect(slack.message("approved by @eve")).to_be_visible()
        assert (cloud.clicks[0]["user"]["team_id"], cloud.clicks[0]["team"]["id"]) == ("T0LOCALOTHER", "T0SMALL")
        slack.type("/ps")
        expect(slack.message("/ps is not a valid command.")).to_be_visible()


@pytest.mark.usefixtures("picker")
class TestMenus:
    def test_one_and_several_with_the_keyboard(self, slack: SlackPage, cloud: SmallCloud) -> None:
        message = slack.message("Where?")
        service = message.get_by_role("button", name="Service")
        service.press("Enter")
        panel = message.get_by_role("listbox", name="Service")
        expect(panel).to_be_focused()
        slack.page.keyboard.press("ArrowDown")
        slack.page.keyboard.press("Enter")
        expect(panel).to_be_hidden()
        expect(message.get_by_role("button", name="Service: app")).to_be_focused()
        message.get_by_role("button", name="Instances").press("Enter")
        panel = message.get_by_role("listbox", name="Instances")
        for key in ("Space", "End", "Space"):
            slack.page.keyboard.press(key)
        expect(option(panel, "web-1")).to_have_attribute("aria-selected", "true")
        expect(option(panel, "web-2")).to_have_attribute("aria-disabled", "true")
        expect(option(panel, "web-3")).to_have_attribute("aria-selected", "true")
        slack.page.keyboard.press("Escape")
        expect(message.get_by_role("button", name="Instances: web-1, web-3")).to_be_focused()
        message.get_by_role("button", name="Submit").press("Enter")
        expect(slack.work).to_contain_text("[Submit]")
        values = cloud.clicks[-1]["state"]["values"]
        assert values["service"]["chatops.menu.0"]["selected_option"]["value"] == "app-value"
        chosen = values["where"]["chatops.menu.1"]["selected_options"]
        assert [each["value"] for each in chosen] == ["web-1-value", "web-3-value"]
        # https://docs.slack.dev/reference/interaction-payloads/block_actions-payload: each choice is told at once
        assert [click["actions"][0]["action_id"] for click in cloud.clicks] == [
            "chatops.menu.0",
            "chatops.menu.1",
            "chatops.menu.1",
            "chatops.submit",
        ]

    def test_what_one_has_chosen_is_still_there_when_one_comes_back(self, slack: SlackPage) -> None:
        message = slack.message("Where?")
        message.get_by_role("button", name="Service").click()
        option(message.get_by_role("listbox", name="Service"), "nginx").click()
        expect(message.get_by_role("button", name="Service: nginx")).to_be_visible()
        slack.be("sam")
        expect(message.get_by_role("button", name="Service", exact=True)).to_be_visible()
        slack.be("alex")
        expect(message.get_by_role("button", name="Service: nginx")).to_be_visible()

    def test_a_panel_closes_when_one_goes_elsewhere(self, slack: SlackPage) -> None:
        message = slack.message("Where?")
        message.get_by_role("button", name="Instances").click()
        expect(message.get_by_role("listbox", name="Instances")).to_be_visible()
        slack.field.click()
        expect(message.get_by_role("listbox", name="Instances")).to_be_hidden()


def test_long_options_do_not_move_the_conversation_aside(slack: SlackPage, cloud: SmallCloud) -> None:
    labels = [f"web-{number} (i-0123456789abcdef{number})" for number in range(3)]
    options = [{"text": {"type": "plain_text", "text": label}, "value": label} for label in labels]
    menu = {
        "type": "static_select",
        "action_id": "chatops.menu.0",
        "placeholder": {"type": "plain_text", "text": "Choose one"},
        "options": options,
    }
    question = {"type": "section", "text": {"type": "mrkdwn", "text": "On which of them?"}, "accessory": menu}
    cloud.post("chat.postMessage", channel=OPS, text="On which?", blocks=[question])
    message = slack.message("On which of them?")
    message.get_by_role("button", name="Choose one").click()
    expect(option(message.get_by_role("listbox"), labels[0])).to_be_in_viewport()
    assert slack.log.evaluate("log => [log.scrollLeft, log.scrollWidth - log.clientWidth]") == [0, 0]


def test_many_options_are_filtered(slack: SlackPage, cloud: SmallCloud) -> None:
    plain = [{"text": {"type": "plain_text", "text": f"web-{n}"}, "value": f"i-{n}"} for n in range(60)]
    groups = [
        {"label": {"type": "plain_text", "text": name}, "options": options}
        for name, options in (("Tokyo", plain[:30]), ("Osaka", plain[30:]))
    ]
    placeholder = {"type": "plain_text", "text": "Server"}
    menu = {"type": "static_select", "placeholder": placeholder, "action_id": "m", "option_groups": groups}
    cloud.post("chat.postMessage", channel=OPS, text="x", blocks=[{"type": "actions", "elements": [menu]}])
    slack.page.get_by_role("button", name="Server").click()
    listed = slack.page.get_by_role("listbox", name="Server")
    expect(listed.get_by_role("option")).to_have_count(60)
    expect(listed.get_by_role("group", name="Osaka").get_by_role("option")).to_have_count(30)
    slack.page.get_by_role("combobox", name="Filter Server").press_sequentially("web-4")
    expect(listed.get_by_role("option")).to_have_count(11)
    slack.page.keyboard.press("ArrowDown")
    slack.page.keyboard.press("ArrowDown")
    slack.page.keyboard.press("Enter")
    expect(slack.page.get_by_role("button", name="Server: web-41")).to_be_focused()


class TestArguments:
    def test_choices_and_flags_are_completed(self, slack: SlackPage) -> None:
        options = slack.page.get_by_role("listbox", name="Slash commands").get_by_role("option")
        slack.field.press_sequentially("/ops restart ")
        expect(options).to_have_count(2)
        expect(slack.page.locator("#hint")).to_have_text("/ops restart <service> service which one")
        slack.field.press_sequentially("n")
        slack.field.press("Enter")
        expect(slack.field).to_have_value("/ops restart nginx ")
        slack.field.press_sequentially("--")
        expect(options).to_have_text(["--withinwhen", "--forceeven if busy"])
        slack.field.press("Tab")
        expect(slack.field).to_have_value("/ops restart nginx --within ")
        expect(slack.page.locator("#hint")).to_contain_text("within when")

    def test_enter_sends_what_has_an_argument_left_to_choose(self, slack: SlackPage, cloud: SmallCloud) -> None:
        cloud.answers["/ops restart"] = ({"text": "which one?"}, 0)
        slack.type("/ops restart ")
        expect(slack.message("which one?")).to_be_visible()


def test_a_file_is_shown_and_opened(slack: SlackPage, cloud: SmallCloud) -> None:
    content = "".join(f"line {n}\n" for n in range(1, 41))
    cloud.share("log.txt", content, channel=OPS, comment="All of it")
    message = slack.message("All of it")
    expect(message).to_contain_text("log.txt")
    expect(message.get_by_text("line 6")).to_be_hidden()
    message.get_by_text("All 40 lines").click()
    expect(message).to_contain_text("line 40")


def test_who_is_in_a_group_is_chosen_beside(slack: SlackPage, cloud: SmallCloud) -> None:
    assert cloud.ask_for_group("S0ADMINS") == ["U0LOCALSAM", "U0LOCALKIM"]
    group = slack.work.get_by_role("group", name="S0ADMINS")
    expect(group.get_by_label("sam")).to_be_checked()
    expect(group.get_by_label("alex")).not_to_be_checked()
    group.get_by_label("sam").uncheck()
    group.get_by_label("alex").check()
    expect(group.get_by_label("alex")).to_be_checked()
    slack.page.wait_for_timeout(100)
    users = cloud.ask_for_group("S0ADMINS")
    assert users == ["U0LOCALKIM", "U0LOCALUSER"]


def test_nothing_to_complain_about(
    served: tuple[SmallCloud, PageServer], card: dict[str, Any], picker: dict[str, Any], unguarded_page: Page
) -> None:
    slack = SlackPage(unguarded_page, served[1].url)
    served[0].acks["chatops.submit"] = (500, 0.0)
    message = slack.message("Where?")
    message.get_by_role("button", name="Submit").click()
    expect(message.get_by_role("alert")).to_contain_text("dispatch_failed")
    message.get_by_role("button", name="Instances").click()
    accessibility.check(unguarded_page)
    slack.page.keyboard.press("Escape")
    slack.message("Restart nginx?").get_by_role("button", name="Deny").click()
    accessibility.check(unguarded_page)
    slack.page.keyboard.press("Escape")
    accessibility.check_fits(unguarded_page)
