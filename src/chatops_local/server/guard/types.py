"""The resource types that the local cloud emulates and that were checked, one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

RECORDED = frozenset({"AWS::CDK::Metadata", "AWS::CloudWatch::Dashboard", "AWS::Logs::QueryDefinition"})
"""Types that can be deployed and read, and that change nothing."""

EMULATED = RECORDED | frozenset(
    {
        "AWS::ApiGatewayV2::Api",
        "AWS::ApiGatewayV2::Integration",
        "AWS::ApiGatewayV2::Route",
        "AWS::ApiGatewayV2::Stage",
        "AWS::CertificateManager::Certificate",
        "AWS::CloudFront::CachePolicy",
        "AWS::CloudFront::Distribution",
        "AWS::CloudFront::Function",
        "AWS::CloudFront::OriginAccessControl",
        "AWS::CloudFront::OriginRequestPolicy",
        "AWS::CloudFront::ResponseHeadersPolicy",
        "AWS::CloudWatch::Alarm",
        "AWS::DynamoDB::Table",
        "AWS::Events::Rule",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Policy",
        "AWS::IAM::Role",
        "AWS::KMS::Alias",
        "AWS::KMS::Key",
        "AWS::Lambda::Alias",
        "AWS::Lambda::EventInvokeConfig",
        "AWS::Lambda::EventSourceMapping",
        "AWS::Lambda::Function",
        "AWS::Lambda::LayerVersion",
        "AWS::Lambda::Permission",
        "AWS::Lambda::Url",
        "AWS::Lambda::Version",
        "AWS::Logs::Delivery",
        "AWS::Logs::DeliveryDestination",
        "AWS::Logs::DeliverySource",
        "AWS::Logs::LogGroup",
        "AWS::Logs::LogStream",
        "AWS::Logs::ResourcePolicy",
        "AWS::Route53::HostedZone",
        "AWS::Route53::RecordSet",
        "AWS::S3::Bucket",
        "AWS::S3::BucketPolicy",
        "AWS::SNS::Subscription",
        "AWS::SNS::Topic",
        "AWS::SNS::TopicPolicy",
        "AWS::SQS::Queue",
        "AWS::SQS::QueuePolicy",
        "AWS::SSM::Document",
        "AWS::SSM::Parameter",
        "AWS::Scheduler::Schedule",
        "AWS::SecretsManager::Secret",
        "AWS::StepFunctions::StateMachine",
        "AWS::WAFv2::IPSet",
        "AWS::WAFv2::RuleGroup",
        "AWS::WAFv2::WebACL",
        "AWS::WAFv2::WebACLAssociation",
        "Custom::CDKBucketDeployment",
        "Custom::S3AutoDeleteObjects",
    }
)
"""An emulator may know a type and do nothing for it: a type is in this list when a test deploys it."""

_DELIVERS = (
    "pipelines do not run here: deploy the stages of the app instead, with `--stage NAME` on the command line or "
    '`stage="NAME"` in Python'
)
_INSTEAD = {
    "AWS::CodeBuild::Project": _DELIVERS,
    "AWS::CodeConnections::Connection": _DELIVERS,
    "AWS::CodePipeline::Pipeline": _DELIVERS,
    "AWS::CodeStarConnections::Connection": _DELIVERS,
}
"""What to do about types that there is a better answer for than to leave them out."""


def problems(resource: Mapping[str, Any], _resources: Mapping[str, Any]) -> Iterator[str]:
    """A type that is not emulated."""
    if resource["Type"] not in EMULATED:
        otherwise = "leave it out of what is run locally, or put it into another stack"
        yield f"this resource type is not emulated; {_INSTEAD.get(resource['Type'], otherwise)}"
