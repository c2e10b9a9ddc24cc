"""An assembly with schedules, written by hand: tick machine, run machine, script, topic, dead-letter queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.local.ministack.stacks import allow, document, machine, role, template, write_assembly

if TYPE_CHECKING:
    from pathlib import Path

START_RUN = {
    "Type": "Task",
    "Resource": "arn:aws:states:::aws-sdk:sfn:startExecution",
    "Arguments": {
        "StateMachineArn": "${Run}",
        "Name": "{% 'at-' & $replace($states.input.scheduled_at, ':', '') %}",
        "Input": "{% $string($states.input) %}",
    },
    "Catch": [{"ErrorEquals": ["Sfn.ExecutionAlreadyExistsException"], "Next": "Already started"}],
    "End": True,
}

RUN: dict[str, Any] = {
    "Send": {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:ssm:sendCommand",
        "Arguments": {
            "DocumentName": "${Script}",
            "Targets": [{"Key": "tag:Role", "Values": ["web"]}],
            "Comment": "{% $states.context.Execution.Name %}",
            "TimeoutSeconds": 30,
        },
        "Output": "{% $states.result.Command.CommandId %}",
        "Next": "Wait",
    },
    "Wait": {"Type": "Wait", "Seconds": 5, "Output": "{% $states.input %}", "Next": "Look"},
    "Look": {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:ssm:listCommands",
        "Arguments": {"CommandId": "{% $states.input %}"},
        "Output": "{% {'id': $states.input, 'status': $states.result.Commands[0].StatusDetails} %}",
        "Next": "Over?",
    },
    "Over?": {
        "Type": "Choice",
        "Choices": [
            {"Condition": "{% $states.input.status in ['Pending', 'InProgress'] %}", "Next": "Again"},
            {"Condition": "{% $states.input.status = 'Success' %}", "Next": "Tell"},
        ],
        "Default": "Failed",
    },
    "Again": {"Type": "Pass", "Output": "{% $states.input.id %}", "Next": "Wait"},
    "Tell": {
        "Type": "Task",
        "Resource": "arn:aws:states:::sns:publish",
        "Arguments": {"TopicArn": "${Topic}", "Subject": "It ran", "Message": "It ran\non every instance"},
        "End": True,
    },
    "Failed": {"Type": "Fail", "Error": "RunFailed", "Cause": "{% $states.input.status %}"},
}


def get_arn(logical_id: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [logical_id, "Arn"]}


def schedule(id: str, expression: str, **properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::Scheduler::Schedule",
        "Metadata": {"aws:cdk:path": f"Ops/{id}/Schedule/Resource"},
        "Properties": {
            "ScheduleExpression": expression,
            "ScheduleExpressionTimezone": "Asia/Tokyo",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {
                "Arn": {"Ref": "Tick"},
                "RoleArn": get_arn("SchedulerRole"),
                "Input": '{"scheduled_at": "<aws.scheduler.scheduled-time>"}',
                "DeadLetterConfig": {"Arn": get_arn("Letters")},
                "RetryPolicy": {"MaximumRetryAttempts": 1, "MaximumEventAgeInSeconds": 60},
            },
            **properties,
        },
    }


def resources(script: str = "echo done", **changed: Any) -> dict[str, Any]:
    tick = machine("TickRole", {"Start": START_RUN, "Already started": {"Type": "Succeed"}})
    tick["Properties"].update(StateMachineType="EXPRESS", DefinitionSubstitutions={"Run": {"Ref": "Run"}})
    run = machine("RunRole", RUN)
    run["Properties"]["DefinitionSubstitutions"] = {"Script": {"Ref": "Script"}, "Topic": {"Ref": "Topic"}}
    return {
        "Nightly": schedule("Nightly", "cron(0 2 * * ? *)"),
        "SchedulerRole": role(
            "scheduler", allow("states:StartExecution", {"Ref": "Tick"}), allow("sqs:SendMessage", get_arn("Letters"))
        ),
        "Letters": {"Type": "AWS::SQS::Queue", "Properties": {}},
        "Tick": tick,
        "TickRole": role("states", allow("states:StartExecution", {"Ref": "Run"})),
        "Run": run,
        "RunRole": role(
            "states", allow(["ssm:SendCommand", "ssm:ListCommands"]), allow("sns:Publish", {"Ref": "Topic"})
        ),
        "Script": short_document(script),
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {}},
        **changed,
    }


def short_document(script: str) -> dict[str, Any]:
    made = document(script)
    made["Properties"]["Content"]["mainSteps"][0]["inputs"]["timeoutSeconds"] = "30"
    return made


def scheduled_app(directory: Path, content: dict[str, Any]) -> Path:
    return write_assembly(directory / "cdk.out", {"Ops": template(content)})
