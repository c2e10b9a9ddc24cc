"""SlackNotifier before cdk-nag and cfn-lint, which judge what the newest CDK makes."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns

from tests.constructs.stacks import Synthesised, new_stack
from tests.constructs.test_cfn_lint import unexplained
from tests.constructs.test_feature_flags import OF_NEW_PROJECTS
from tests.constructs.test_nag import findings
from tests.constructs.test_slack_notifier import notifier

# Of new projects, too: CDK's own subscription names the topic in the key's policy then.
RESTRICTED_TO_THE_TOPIC = "@aws-cdk/aws-sns-subscriptions:restrictSqsDescryption"


@pytest.mark.parametrize("environment", [None, cdk.Environment(account="123456789012", region="ap-northeast-1")])
def test_no_finding_with_and_without_a_key(environment: cdk.Environment | None) -> None:
    app, stack = new_stack(env=environment)
    notifier(stack)
    notifier(stack, "Keyed", encryption_key=kms.Key(stack, "Key", enable_key_rotation=True))
    assert findings(app, stack) == set()


@pytest.mark.parametrize("flags", [{}, {**OF_NEW_PROJECTS, RESTRICTED_TO_THE_TOPIC: True}], ids=["old", "new"])
def test_no_circle_between_key_and_topic_in_old_and_new_projects(flags: dict[str, Any]) -> None:
    app = cdk.App(context=flags, analytics_reporting=False)
    stack = cdk.Stack(app, "Ops")
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    notifier(stack, encryption_key=key)
    notifier(stack, "Second", encryption_key=key, topic=sns.Topic(stack, "Mine", master_key=key))
    synthesised = Synthesised.of(app, stack)
    assert unexplained(synthesised.template) == []
    (_, *sids) = (one.get("Sid") for one in synthesised.only("KMS::Key")["KeyPolicy"]["Statement"])
    assert len(set(sids)) == len(sids)


def test_cfn_lint_finds_nothing() -> None:
    app, stack = new_stack()
    notifier(stack)
    notifier(stack, "Keyed", encryption_key=kms.Key(stack, "Key", enable_key_rotation=True))
    assert unexplained(Synthesised.of(app, stack).template) == []


def test_no_finding_with_a_log_group_that_is_passed_in() -> None:
    app, stack = new_stack()
    notifier(stack, log_group=logs.LogGroup.from_log_group_name(stack, "Logs", "/ops/notifier"))
    assert findings(app, stack) == set()
