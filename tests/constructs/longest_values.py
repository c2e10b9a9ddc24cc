"""Templates with every reference replaced by the longest value that it may have, to be measured against limits."""

from __future__ import annotations

import json
from typing import Any

PSEUDO = {
    "AWS::Partition": "aws-us-gov",
    "AWS::Region": "us-gov-west-1",
    "AWS::AccountId": "123456789012",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": "s" * 80,
    "AWS::StackId": "arn:aws-us-gov:cloudformation:us-gov-west-1:123456789012:stack/" + "s" * 117,
    "AWS::NoValue": "",
}
NAME = "n" * 80


def arn(service: str, resource: str) -> str:
    return f"arn:{PSEUDO['AWS::Partition']}:{service}:{PSEUDO['AWS::Region']}:{PSEUDO['AWS::AccountId']}:{resource}"


class LongestValues:
    """Resolves a template's values."""

    def __init__(self, template: dict[str, Any]) -> None:
        self._resources: dict[str, dict[str, Any]] = template["Resources"]

    def resolve(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.resolve(item) for item in value]
        if not isinstance(value, dict):
            return value
        if set(value) == {"Fn::Join"}:
            delimiter, parts = value["Fn::Join"]
            return delimiter.join(self.resolve(part) for part in parts)
        if set(value) == {"Ref"}:
            return self._ref(value["Ref"])
        if set(value) == {"Fn::GetAtt"}:
            return self._attribute(*value["Fn::GetAtt"])
        return {key: self.resolve(item) for key, item in value.items()}

    def size(self, value: Any) -> int:
        """In characters of JSON without white space, as IAM counts a policy.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
        """
        return len(json.dumps(self.resolve(value), separators=(",", ":"), ensure_ascii=False))

    def _ref(self, id: str) -> str:
        if id in PSEUDO:
            return PSEUDO[id]
        resource = self._resources[id]
        if resource["Type"] == "AWS::StepFunctions::StateMachine":
            return arn("states", f"stateMachine:{resource['Properties']['StateMachineName']}")
        if resource["Type"] == "AWS::IAM::ManagedPolicy":
            return arn("iam", f"policy/{'n' * 128}")
        if resource["Type"] == "AWS::SNS::Topic":
            return arn("sns", "n" * 256)
        return NAME

    def _attribute(self, id: str, attribute: str) -> str:
        assert attribute in {"Arn", "ApiEndpoint", "FunctionUrl"}, attribute
        return {
            "AWS::Lambda::Function": arn("lambda", f"function:{'n' * 64}"),
            "AWS::CloudWatch::Alarm": arn("cloudwatch", f"alarm:{'n' * 255}"),
            "AWS::DynamoDB::Table": arn("dynamodb", f"table/{'n' * 255}"),
            "AWS::SQS::Queue": arn("sqs", NAME),
            "AWS::Logs::LogGroup": arn("logs", f"log-group:{NAME}:*"),
            "AWS::IAM::Role": arn("iam", f"role/{'n' * 64}"),
            "AWS::KMS::Key": arn("kms", f"key/{'k' * 36}"),
            "AWS::ApiGatewayV2::Api": "https://0123456789.execute-api.us-gov-west-1.amazonaws.com",
        }[self._resources[id]["Type"]]
