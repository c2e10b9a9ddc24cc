"""What is done after a command: how it is written, and which control it finds."""

from collections.abc import Iterator
from typing import Any

import pytest

from chatops_local.cli import main
from chatops_local.cli.step import Step
from chatops_local.slack import SlackDouble
from tests.local.page.small_cloud import SmallCloud
from tests.local.slack.cards import approval, menus

OPS = "C0LOCALOPS"


@pytest.fixture
def cloud() -> Iterator[SmallCloud]:
    cloud = SmallCloud()
    yield cloud
    cloud.stop()


def take(text: str, slack: SlackDouble, since: float = 0.0) -> Any:
    step = Step.parse(text)
    assert step is not None
    return step.take(slack, "U0ALEX", since, 0.2)


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("click Approve", Step("", "Approve")),
        ("click chatops.approve as U0SAM", Step("", "chatops.approve", user="U0SAM")),
        ("click Run it again as U0EVE@T0OTHER", Step("", "Run it again", user="U0EVE", team="T0OTHER")),
        ("choose web-1", Step("", options=("web-1",))),
        ("choose web-1,  web-2 (i-1) as U0SAM", Step("", options=("web-1", "web-2 (i-1)"), user="U0SAM")),
    ],
)
def test_what_is_written(text, step):
    parsed = Step.parse(text)
    assert parsed is not None
    assert (parsed.label, parsed.options, parsed.user, parsed.team) == (step.label, step.options, step.user, step.team)


@pytest.mark.parametrize("text", ["/ps", "/click x", "ps", "clicks x"])
def test_what_is_no_step(text):
    assert Step.parse(text) is None


@pytest.mark.parametrize("text", ["click", "choose ", "click Approve as sam", "click Approve as U0SAM@T"])
def test_what_is_no_proper_step(text):
    with pytest.raises(ValueError, match='such as "click Approve as U0LOCALSAM"'):
        Step.parse(text)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["send", ".", "click Approve"], "'click Approve' comes after a slash command or a mention, not before it"),
        (["send", ".", "/ps", "click Approve as sam"], "after `as` a Slack user id is expected"),
        (["send", ".", "/ps", "--group", "admins=U0SAM"], "user group 'admins'"),
        (["send", ".", "/ps", "--group", "S0ADMINS=sam"], "user 'sam'"),
    ],
)
def test_exit_code_2_and_why(capsys, arguments, text):
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert exit_.value.code == 2
    assert text in capsys.readouterr().err


def test_the_latest_message_that_has_it(cloud):
    cloud.post("chat.postMessage", channel=OPS, text="first", blocks=approval())
    cloud.post("chat.postMessage", channel=OPS, text="second", blocks=approval())
    cloud.post("chat.postMessage", channel=OPS, text="third", blocks=menus())
    assert take("click approve as U0SAM", cloud.slack).message.text == "second"
    assert [click["user"]["id"] for click in cloud.clicks] == ["U0SAM"]


def test_options_are_found_by_label_or_value(cloud):
    cloud.post("chat.postMessage", channel=OPS, text="x", blocks=menus())
    take("choose web-1, web-3-value", cloud.slack)
    take("click Submit", cloud.slack)
    chosen = cloud.clicks[-1]["state"]["values"]["where"]["chatops.menu.1"]["selected_options"]
    assert [option["value"] for option in chosen] == ["web-1-value", "web-3-value"]


@pytest.mark.parametrize(
    ("text", "since"),
    [("click Cancel", 0.0), ("choose web-9", 0.0), ("choose nginx, web-1", 0.0), ("click Submit", 1e12)],
)
def test_what_is_not_there(cloud, text, since):
    cloud.post("chat.postMessage", channel=OPS, text="x", blocks=menus())
    with pytest.raises(TimeoutError, match=f"{text}: no message that U0ALEX sees has it; there are "):
        take(text, cloud.slack, since)
    assert cloud.clicks == []


def test_what_somebody_else_sees_only(cloud):
    cloud.post("chat.postEphemeral", channel=OPS, user="U0SAM", text="x", blocks=approval())
    with pytest.raises(TimeoutError, match="there are no controls"):
        take("click Approve", cloud.slack)
    assert take("click Approve as U0SAM", cloud.slack).ack.ok
