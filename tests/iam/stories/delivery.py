"""What becomes of deliveries: approvals are given, and ends are told. CDK's own pipeline is not there."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from chatops_local.slack import Person
from tests.iam.apps import App, Story
from tests.iam.elsewhere import LOGS_OF_KEY, OWN_KEY, Elsewhere
from tests.iam.pipelines import without_pipeline
from tests.iam.stories import endpoints, machines, notifier, slack

if TYPE_CHECKING:
    from tests.iam.laboratory import Laboratory

_ACCOUNTS = ("111111111111", "222222222222", "333333333333")
_PIPELINE = "bots"
_CHANNEL, _ADA, _BEN = "C0RELEASES", "U0ADA", "U0BEN"
_GATE = "production-gate"
_STAGES = {"Source": ["GitHub"], "staging": ["Deploy"], _GATE: ["Secrets", "Approve"], "production": ["Deploy"]}
_AUTHOR = {"AuthorEmail": "ada@example.com"}
_NUMBERS = itertools.count(1)

CDKS_PIPELINE = Elsewhere(
    "Delivery(?:Pipeline|Artifacts).*|Artifacts(?:Policy)?",
    ".*",
    "CDK chooses the rights of its own pipeline, whose builds do not run here",
    "tests/constructs/test_delivery_pipeline.py::TestRights::test_no_action_of_ours_is_for_everything",
)
LETTERS = Elsewhere(
    "DeliveryNoticesFunctionRoleDefaultPolicy",
    "sqs:SendMessage|kms:.*",
    "Lambda sends an event to the dead-letter queue that failed three times, which it does not here",
    "tests/constructs/test_delivery_contracts.py::TestTheNotices::test_keep_what_they_could_not_tell",
)
_ARTIFACTS_OF_KEY = Elsewhere(
    "Key",
    "kms:.*",
    "CDK lets the roles that deploy in other accounts read the artifacts; buckets of the local cloud are not encrypted",
    "tests/constructs/test_delivery_pipeline.py::TestArtifacts::test_may_be_read_where_they_are_deployed",
)


def _commit() -> dict[str, str]:
    return {"CommitId": f"{next(_NUMBERS):040x}", "CommitMessage": "Mend", **_AUTHOR}


def _pipeline(laboratory: Laboratory) -> None:
    laboratory.cloud.server.pipelines.add(_PIPELINE, _STAGES)


def _told(laboratory: Laboratory, execution: str) -> None:
    laboratory.until(lambda: [each for each in laboratory.cloud.slack.messages if execution[:8] in each.shown])
    laboratory.wait_until_quiet()


def _approved(laboratory: Laboratory) -> None:
    _pipeline(laboratory)
    waiting = laboratory.cloud.server.pipelines.wait_for_approval(_PIPELINE, _GATE, source=_commit())
    _told(laboratory, waiting.execution_id)
    said = slack.said(laboratory, "/deploy approve production", user=_BEN, channel=_CHANNEL)
    assert "approved" in said, said


def _failed(laboratory: Laboratory) -> None:
    _pipeline(laboratory)
    _told(laboratory, laboratory.cloud.server.pipelines.fail(_PIPELINE, "staging", "Deploy", source=_commit()))


def _succeeded(laboratory: Laboratory) -> None:
    _pipeline(laboratory)
    _told(laboratory, laboratory.cloud.server.pipelines.succeed(_PIPELINE, source=_commit()))


def _with_people(laboratory: Laboratory) -> None:
    people = laboratory.cloud.slack.workspace.people
    people.add(Person(_ADA, email=_AUTHOR["AuthorEmail"]))
    people.set_group("S0RELEASE", [_BEN])
    _pipeline(laboratory)


DELIVERY = (
    App(
        "maximal/delivery_pipeline",
        stories=(
            Story("a delivery is approved by somebody else", _approved),
            Story("a delivery fails", _failed),
            Story("a delivery goes through", _succeeded),
            *notifier.stories_of("Releases"),
            *endpoints.stories_of("Slack", "/deploy status", channel=_CHANNEL, user=_BEN),
            machines.UPDATED,
        ),
        stage="",
        accounts=_ACCOUNTS,
        edit=without_pipeline("Delivery"),
        furnish=_with_people,
        elsewhere=(CDKS_PIPELINE, LETTERS, OWN_KEY, LOGS_OF_KEY, _ARTIFACTS_OF_KEY),
    ),
    App(
        "minimal/delivery_pipeline",
        stories=(),
        stage="",
        accounts=_ACCOUNTS,
        edit=without_pipeline("Delivery"),
        elsewhere=(CDKS_PIPELINE,),
    ),
)
