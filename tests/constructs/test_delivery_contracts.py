"""What the constructs render, given to the functions that read it."""

from __future__ import annotations

import json
import re
from typing import Any

import aws_cdk as cdk
import pytest

from chatops_constructs import Allow, DeliveryPipeline
from chatops_runtime.contracts import delivery as contract
from chatops_runtime.contracts import environment, pipeline_notice, template_metadata
from chatops_runtime.delivery.orders import Answer, parse
from tests.constructs.deliveries import maximal, new_stack, pipeline, stages_of
from tests.constructs.event_patterns import matches
from tests.constructs.stacks import Synthesised, endpoint, text_of

EXECUTION = "11111111-aaaa-4aaa-8aaa-aaaaaaaaaaaa"


def variables(part_of_id: str) -> dict[str, str]:
    found: dict[str, Any] = maximal().only("Lambda::Function", part_of_id)["Environment"]["Variables"]
    return {name: text_of(value) for name, value in found.items()}


def event(detail_type: str, **detail: Any) -> dict[str, Any]:
    name = maximal().only("CodePipeline::Pipeline")["Name"]
    detail = {"pipeline": name, "execution-id": EXECUTION, "version": 1.0, **detail}
    return {"source": "aws.codepipeline", "detail-type": detail_type, "detail": detail}


def rules_for(told: dict[str, Any]) -> list[str]:
    """The rules by whose patterns an event is told."""
    rules = maximal().resources("Events::Rule")
    return [id for id, rule in rules.items() if "DeliveryNotices" in id and matches(rule["EventPattern"], told)]


class TestTheApprovals:
    def test_know_the_pipeline_and_where_its_approvals_are(self) -> None:
        told = variables("DeliveryApprovals")
        assert told[contract.PIPELINE] == maximal().only("CodePipeline::Pipeline")["Name"]
        gates = json.loads(told[contract.STAGES])
        assert gates == {"production": "production-gate"}
        actions = stages_of(maximal())[gates["production"]]["Actions"]
        assert contract.APPROVE in {action["Name"] for action in actions}

    def test_know_people_in_small_letters(self) -> None:
        told = variables("DeliveryApprovals")
        assert json.loads(told[contract.PEOPLE]) == {"octocat": "U012AB", "renovate[bot]": contract.AUTOMATION}
        assert told[contract.SELF_APPROVAL] == contract.REFUSED
        assert told[environment.BOT_TOKEN_PARAMETER] == "/ops/prod/slack-bot-token"

    def test_say_what_the_bot_has_to_be_allowed(self) -> None:
        (mark,) = (
            resource["Metadata"][template_metadata.ENDPOINT]
            for resource in maximal().template["Resources"].values()
            if template_metadata.ENDPOINT in resource.get("Metadata", {})
        )
        assert mark["commands"]["/deploy"]["scopes"] == ["usergroups:read", "users:read", "users:read.email"]

    @pytest.mark.parametrize("region", ["us-east-1", "ap-northeast-1"])
    def test_may_be_asked_for_in_another_stack_and_region(self, region: str) -> None:
        tools = new_stack()
        ops = cdk.Stack(tools.node.scope, "Ops", env=cdk.Environment(account="111111111111", region=region))  # type: ignore[arg-type]
        action = pipeline(tools).approval_action(allow_self_approval=True)
        endpoint(ops).add_command("/deploy", action, description="approves deliveries", allow=Allow.workspace())
        app = tools.node.root
        assert isinstance(app, cdk.App)
        of = Synthesised.of(app, ops)
        asked = [text_of(one["Resource"]) for one in of.statements("") if one["Action"] == "lambda:InvokeFunction"]
        function = "arn:<AWS::Partition>:lambda:us-east-1:111111111111:function:Tools_Delivery_Approvals_"
        assert [one.startswith(function) for one in asked].count(True) == 1
        # From another region through a relay there, which the command's machine may invoke.
        assert any("DeployRelay" in one for one in asked) is (region != "us-east-1")

    def test_understand_their_buttons(self) -> None:
        notice = json.dumps({"kind": "pipeline", "waiting": f"production/{EXECUTION}"})
        for button, approved in zip(DeliveryPipeline.approval_buttons("/deploy"), (True, False), strict=True):
            found = re.search(button.render()["find"], notice)
            assert found is not None
            order = parse(f"{found[1]} {button.text}", ["production"])
            assert order == Answer(approved, "production", EXECUTION, "")


class TestTheNotices:
    APPROVAL = "CodePipeline Action Execution State Change"
    END = "CodePipeline Pipeline Execution State Change"

    def test_know_the_topics_by_outcome(self) -> None:
        topics = json.loads(variables("DeliveryNotices")[contract.TOPICS])
        assert {outcome: len(arns) for outcome, arns in topics.items()} == {
            pipeline_notice.WAITING: 1,
            pipeline_notice.FAILED: 2,
            pipeline_notice.SUCCEEDED: 1,
        }

    def test_hear_of_an_approval_that_begins_to_wait(self) -> None:
        where = {"stage": "production-gate", "action": "Approve"}
        assert len(rules_for(event(self.APPROVAL, state="STARTED", **where))) == 1
        assert rules_for(event(self.APPROVAL, state="SUCCEEDED", **where)) == []
        assert rules_for(event(self.APPROVAL, state="STARTED", stage="production-gate", action="Secrets")) == []

    @pytest.mark.parametrize(
        ("state", "told"),
        [("FAILED", 1), ("SUCCEEDED", 1), ("STARTED", 0), ("SUPERSEDED", 0), ("CANCELED", 0), ("STOPPED", 0)],
    )
    def test_hear_of_an_end(self, state: str, told: int) -> None:
        assert len(rules_for(event(self.END, state=state))) == told

    def test_hear_of_no_other_pipeline(self) -> None:
        other = event(self.END, state="FAILED")
        other["detail"]["pipeline"] = "another"
        assert rules_for(other) == []

    def test_keep_what_they_could_not_tell(self) -> None:
        retries = maximal().only("Lambda::EventInvokeConfig")
        queue = retries["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0]
        assert "DeliveryNoticesDeadLetters" in queue
        alarm = maximal().only("CloudWatch::Alarm", "DeliveryNoticesDeadLetterAlarm")
        assert alarm["Dimensions"][0]["Value"]["Fn::GetAtt"][0] == queue
