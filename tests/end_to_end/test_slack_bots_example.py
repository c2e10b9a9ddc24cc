"""The example, as its README drives it: its staging, on this machine."""

from __future__ import annotations

import hashlib
import hmac
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chatops_local.app import synth
from chatops_local.cloud import LocalCloud

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLE = Path(__file__).parents[2] / "examples" / "slack_bots"
ACCOUNTS = {"staging": "111122223333", "production": "444455556666"}
REGION = "ap-northeast-1"
# A Friday evening in Tokyo.
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=timezone.utc)
KEY = hashlib.sha256(b"link-key").hexdigest()
SECRETS = ("bots/slack-signing-secret", "bots/slack-bot-token", "feedback/link-key")


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the app synthesises to: both stages, compared with each other."""
    return synth(EXAMPLE, tmp_path_factory.mktemp("slack_bots")).directory


@pytest.fixture(scope="module")
def staging(assembly: Path) -> Iterator[LocalCloud]:
    """The stage, deployed, with its secret."""
    with LocalCloud.start(time_scale=0.01, account=ACCOUNTS["staging"], region=REGION, now=NOW) as cloud:
        cloud.deploy_all(assembly, stage="staging")
        cloud.server.put_secret("/acme/staging/feedback/link-key", KEY, REGION)
        yield cloud


def test_the_stand_up_is_announced_on_weekdays_in_tokyo(staging: LocalCloud):
    tick = staging.tick("Standup", times=2)
    tick.wait()
    assert tick.problems() == []
    # Not on the weekend, and at half past nine of Tokyo.
    assert tick.scheduled_time == datetime(2026, 11, 23, 0, 30, tzinfo=timezone.utc)
    (message,) = tick.messages
    assert message.channel == "C0STAGING"
    (section, actions) = message.blocks or []
    assert "*Stand-up, Monday 23 November*" in section["text"]["text"]
    assert "leads. In turn, please:\n• Ann: what is done" in section["text"]["text"]
    assert [element["action_id"] for element in actions["elements"]] == ["standup_away"]


def test_who_is_away_says_so_with_a_button(staging: LocalCloud):
    tick = staging.tick("Standup")
    tick.wait()
    (message,) = tick.messages
    clicked = staging.slack.click(message, "I am away", user="U0ANN")
    assert clicked.ack.ok
    (said,) = clicked.wait()
    assert said.text.startswith("<@U0ANN> is away on ")
    assert not said.ephemeral


def test_a_mention_is_answered_below_it_with_a_signed_link(staging: LocalCloud):
    asked = staging.slack.mention("feedback", user="U0ANN", channel="C0STAGING")
    assert asked.ack.ok
    (answer,) = asked.wait()
    signature = hmac.new(KEY.encode(), b"U0ANN", hashlib.sha256).hexdigest()[:32]
    assert answer.text == f"<https://feedback.acme.example/form?user=U0ANN&signature={signature}|Your feedback form>"
    assert answer.thread_ts
    assert KEY not in answer.text


def test_slack_s_redelivery_is_answered_once(staging: LocalCloud):
    asked = staging.slack.mention("hello", user="U0ANN", channel="C0STAGING")
    (answer,) = asked.wait()
    assert "Mention me with the word feedback" in answer.text
    assert staging.slack.deliver(asked.request).status == 200
    assert asked.wait() == [answer]


def secrets_check(cloud: LocalCloud, assembly: Path, stage: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "chatops_setup", "secrets", "check", assembly, "--stage", stage],
        env=cloud.environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_its_secrets_are_there(staging: LocalCloud, assembly: Path):
    checked = secrets_check(staging, assembly, "staging")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert all(f"/acme/staging/{name}" in checked.stdout for name in SECRETS)


def test_production_misses_secrets_first_and_runs_then(assembly: Path):
    with LocalCloud.start(time_scale=0.01, account=ACCOUNTS["production"], region=REGION, now=NOW) as cloud:
        checked = secrets_check(cloud, assembly, "production")
        assert checked.returncode == 1
        assert all(f"/acme/production/{name}: missing" in checked.stdout for name in SECRETS)
        cloud.deploy_all(assembly, stage="production")
        tick = cloud.tick("Standup")
        tick.wait()
        assert [message.channel for message in tick.messages] == ["C0TEAM"]
