"""The templates whose permissions are asked about, with every reference replaced by what it could be on AWS."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk

from chatops_local.app import Assembly
from chatops_local.server.assembly import read_stacks
from tests.constructs.stacks import ROOT, maximal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

ACCOUNT = "111122223333"
REGION = "eu-central-1"
EXAMPLES = ("ops_bot", "scheduled_batch", "guarded_site", "slack_bots")
# Of an app with stages one says it all: the others are the same.
STAGE = "staging"

_PSEUDO_PARAMETERS = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::URLSuffix": "amazonaws.com",
}

# What follows the account in the ARN, and the property that has the name.
_ARNS = {
    "AWS::CloudFront::Distribution": ("cloudfront", "distribution/{}", ""),
    "AWS::DynamoDB::Table": ("dynamodb", "table/{}", "TableName"),
    "AWS::Events::Rule": ("events", "rule/{}", "Name"),
    "AWS::IAM::Role": ("iam", "role/{}", "RoleName"),
    "AWS::KMS::Key": ("kms", "key/{}", ""),
    "AWS::Lambda::Function": ("lambda", "function:{}", "FunctionName"),
    "AWS::Logs::LogGroup": ("logs", "log-group:{}:*", "LogGroupName"),
    "AWS::S3::Bucket": ("s3", "{}", "BucketName"),
    "AWS::SNS::Topic": ("sns", "{}", "TopicName"),
    "AWS::SQS::Queue": ("sqs", "{}", "QueueName"),
    "AWS::StepFunctions::StateMachine": ("states", "stateMachine:{}", "StateMachineName"),
}
_REFERRED_TO_BY_ARN = ("AWS::SNS::Topic", "AWS::StepFunctions::StateMachine")
_WITHOUT_PLACE = {"s3": "::", "iam": f":{ACCOUNT}:", "cloudfront": f":{ACCOUNT}:"}


class Template:
    """A synthesised template."""

    def __init__(self, name: str, template: Mapping[str, Any]) -> None:
        """Take the stack's name and its template."""
        self.name = name
        self._resources: Mapping[str, Any] = template["Resources"]

    def resources(self, resource_type: str) -> Iterator[tuple[str, Any]]:
        """Logical ids and properties of all resources of a type, as they are on AWS."""
        for logical_id, resource in self._resources.items():
            if resource["Type"] == resource_type:
                yield logical_id, self.concrete(resource.get("Properties", {}))

    def arn(self, logical_id: str) -> str:
        """The ARN of a resource."""
        resource = self._resources[logical_id]
        if resource["Type"] not in _ARNS:
            raise LookupError(
                f"{logical_id}: what the ARN of {resource['Type']} looks like is not written in {__file__}"
            )
        service, shape, name_property = _ARNS[resource["Type"]]
        name = self.concrete(resource.get("Properties", {}).get(name_property, logical_id))
        return f"arn:aws:{service}:{_WITHOUT_PLACE.get(service, f'{REGION}:{ACCOUNT}:')}{shape.format(name)}"

    def concrete(self, value: Any) -> Any:
        """A part of the template without intrinsic functions."""
        if isinstance(value, list):
            return [self.concrete(each) for each in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            function, argument = next(iter(value.items()))
            if function == "Ref":
                return self._reference(argument)
            if function == "Fn::GetAtt":
                return self._attribute(*argument)
            if function == "Fn::Join":
                return argument[0].join(str(part) for part in self.concrete(argument[1]))
            if function == "Fn::Sub" and isinstance(argument, str):
                return re.sub(r"\$\{([\w:]+)\}", lambda found: str(self._reference(found[1])), argument)
        return {key: self.concrete(each) for key, each in value.items()}

    def _reference(self, name: str) -> str:
        if name in _PSEUDO_PARAMETERS:
            return _PSEUDO_PARAMETERS[name]
        if name not in self._resources:
            return name
        resource = self._resources[name]
        if resource["Type"] == "AWS::SSM::Parameter":
            # Its name, which an ARN has behind `parameter` as it is, with the slash that it begins with.
            return str(self.concrete(resource["Properties"]["Name"]))
        return self.arn(name) if resource["Type"] in _REFERRED_TO_BY_ARN else name

    def _attribute(self, logical_id: str, attribute: str) -> str:
        if attribute == "Arn":
            return self.arn(logical_id)
        if attribute == "StreamArn":
            return f"{self.arn(logical_id)}/stream/2026-01-01T00:00:00.000"
        if attribute == "FunctionArn":
            return str(self.concrete(self._resources[logical_id]["Properties"]["TargetFunctionArn"]))
        return f"{logical_id}.{attribute}"


def templates(folder: Path) -> Iterator[Template]:
    """The stack with everything, and the examples; synthesised into a folder."""
    app = cdk.App(analytics_reporting=False, outdir=str(folder / "maximal"))
    maximal(cdk.Stack(app, "Ops"))
    app.synth()
    for name in EXAMPLES:
        directory = ROOT / "examples" / name
        environment = {**os.environ, "CDK_OUTDIR": str(folder / name)}
        subprocess.run([sys.executable, "app.py"], cwd=directory, env=environment, check=True)
    for name in ("maximal", *EXAMPLES):
        assembly = Assembly.read(folder / name)
        chosen = assembly.of_stage(STAGE) if assembly.stages else assembly
        for stack in read_stacks(chosen.directory, account=ACCOUNT, region=REGION):
            yield Template(f"{name}/{stack.name}", stack.template)
