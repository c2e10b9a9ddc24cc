"""From a waiting approval to CodePipeline's answer: notices, buttons and `/deploy` of the deployed app."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.app import synth
from chatops_local.cloud import LocalCloud
from chatops_local.slack import Person
from tests.iam.pipelines import without_pipeline, without_stages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_local.server.pipelines import PendingApproval
    from chatops_local.slack import Message, SentClick

APP = Path(__file__).parent / "app"
CHANNEL = "C0RELEASES"
ADA, BEN, EVE = "U0ADA", "U0BEN", "U0EVE"
SECONDS = 60.0
PIPELINE = "jobs"
GATE = "production-gate"
STAGES = {
    "Source": ["GitHub"],
    "Build": ["Synth"],
    "staging": ["Prepare", "Deploy"],
    GATE: ["Secrets", "Approve"],
    "production": ["Prepare", "Deploy"],
}


class Releases:
    """The pipeline, and the channel in which it is told of."""

    def __init__(self, cloud: LocalCloud) -> None:
        self.cloud = cloud
        self.slack = cloud.slack
        self._numbers = itertools.count(1)
        people = self.slack.workspace.people
        people.add(Person(ADA, "ada", email="ada@example.com"))
        people.add(Person(BEN, "ben", email="ben@example.com"))
        people.set_group("S0RELEASE", [ADA, BEN])

    def commit(self, **author: str) -> dict[str, str]:
        """The variables of a source action."""
        return {
            "CommitId": f"{next(self._numbers):07d}{'a' * 33}",
            "CommitMessage": "Mend the jobs\n\nThey were broken.",
            "FullRepositoryName": "acme/jobs",
            "BranchName": "main",
            **(author or {"AuthorEmail": "Ada@example.com", "AuthorDisplayName": "Ada"}),
        }

    def wait(self, **author: str) -> tuple[PendingApproval, Message]:
        """Have an execution wait; the notice of it."""
        self.cloud.server.pipelines.add(PIPELINE, STAGES)
        source = self.commit(**author)
        pending = self.cloud.server.pipelines.wait_for_approval(PIPELINE, GATE, source=source)
        notice = self.slack.wait_for(lambda each: pending.execution_id[:8] in each.shown, SECONDS)
        return pending, notice

    def click(self, notice: Message, label: str, user: str) -> SentClick:
        click = self.slack.click(notice, label, user=user)
        assert click.ack.ok, click.ack
        click.wait(SECONDS)
        return click

    def state(self) -> dict[str, Any]:
        client = self.cloud.server.client("codepipeline")
        states = client.get_pipeline_state(name=PIPELINE)["stageStates"]
        (gate,) = (each for each in states if each["stageName"] == GATE)
        return dict(gate["actionStates"][-1]["latestExecution"])


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Releases]:
    output = tmp_path_factory.mktemp("cdk.out")
    assembly = without_stages(synth(APP, output, account="123456789012", region="us-east-1").directories[0])
    with LocalCloud.start(time_scale=0.05) as cloud:
        cloud.deploy(assembly, edit_template=without_pipeline("Delivery"))
        yield Releases(cloud)


def test_a_waiting_approval_is_told_with_its_commit_and_its_buttons(releases: Releases):
    pending, notice = releases.wait()
    assert notice.channel == CHANNEL
    assert "waits for an approval for production" in notice.shown
    assert "Ada <Ada@example.com>" in notice.shown
    assert "Mend the jobs" in notice.shown
    assert [control.label for control in notice.controls] == ["Approve", "Reject"]
    assert pending.token not in notice.shown


def test_somebody_else_approves_with_the_button(releases: Releases):
    _, notice = releases.wait()
    click = releases.click(notice, "Approve", BEN)
    said = releases.slack.wait_for(lambda each: each.response_url == click.response_url and not each.ephemeral, SECONDS)
    assert "approved" in said.shown
    assert releases.state()["status"] == "Succeeded"
    assert f"Approved by ben in Slack ({BEN})" in releases.state()["summary"]


def test_whoever_wrote_it_does_not(releases: Releases):
    _, notice = releases.wait()
    click = releases.click(notice, "Approve", ADA)
    assert any("somebody else has to approve it" in each.shown and each.ephemeral for each in click.messages)
    assert releases.state()["status"] == "InProgress"


def test_who_may_not_deploy_does_not(releases: Releases):
    _, notice = releases.wait()
    releases.click(notice, "Approve", EVE)
    assert releases.state()["status"] == "InProgress"


def test_an_unknown_author_is_nobody_elses(releases: Releases):
    _, notice = releases.wait(AuthorEmail="12+ada@users.noreply.github.com")
    click = releases.click(notice, "Approve", BEN)
    assert any("add it to" in each.shown for each in click.messages)
    assert releases.state()["status"] == "InProgress"


def test_a_machines_commit_is_approved_by_anybody_who_may(releases: Releases):
    _, notice = releases.wait(AuthorId="renovate[bot]", AuthorDisplayName="renovate[bot]")
    releases.click(notice, "Approve", ADA)
    assert releases.state()["status"] == "Succeeded"


def test_an_old_button_approves_nothing_newer(releases: Releases):
    _, old = releases.wait()
    releases.wait()
    click = releases.click(old, "Approve", BEN)
    assert any("does not wait" in each.shown for each in click.messages)
    assert releases.state()["status"] == "InProgress"


def test_a_rejection_says_why_and_is_told_as_a_failure(releases: Releases):
    pending, _ = releases.wait()
    sent = releases.slack.send("/deploy reject production too early today", user=ADA, channel=CHANNEL)
    assert any("rejected" in each.shown and "too early today" in each.shown for each in sent.wait(SECONDS))
    assert releases.cloud.problems_of(sent) == []
    failure = releases.slack.wait_for(
        lambda each: pending.execution_id[:8] in each.shown and f"failed in {GATE}, Approve" in each.shown, SECONDS
    )
    assert "too early today" in failure.shown
    assert failure.controls == []


def test_the_status_says_what_waits(releases: Releases):
    pending, _ = releases.wait()
    sent = releases.slack.send("/deploy status", user=ADA, channel=CHANNEL)
    (answer,) = [each for each in sent.wait(SECONDS) if "production-gate" in each.shown]
    assert f"approve production/{pending.execution_id}" in answer.shown


def test_failures_and_successes_are_told(releases: Releases):
    pipelines = releases.cloud.server.pipelines
    pipelines.add(PIPELINE, STAGES)
    failed = pipelines.fail(PIPELINE, "staging", "Deploy", message="no such bucket", source=releases.commit())
    said = releases.slack.wait_for(lambda each: failed[:8] in each.shown, SECONDS)
    assert "jobs failed in staging, Deploy" in said.shown
    assert "no such bucket" in said.shown
    succeeded = pipelines.succeed(PIPELINE, source=releases.commit())
    said = releases.slack.wait_for(lambda each: succeeded[:8] in each.shown and "jobs succeeded" in each.shown, SECONDS)
    assert "Mend the jobs" in said.shown
