"""Names that are taken once: by type of resource, the property, and how far it reaches.

The property is what CloudFormation's reference of the type says a name is; types that are missing here are not looked
at.
"""

from __future__ import annotations

from enum import Enum


class Reach(Enum):
    """Among which resources a name is taken once; the value says it."""

    REGION = "one account's region"
    ACCOUNT = "one account"
    WORLD = "all accounts of AWS"


UNIQUE_NAMES: dict[str, tuple[str, Reach]] = {
    "AWS::Athena::WorkGroup": ("Name", Reach.REGION),
    "AWS::AutoScaling::AutoScalingGroup": ("AutoScalingGroupName", Reach.REGION),
    "AWS::CloudFront::CachePolicy": ("CachePolicyConfig.Name", Reach.ACCOUNT),
    "AWS::CloudFront::Function": ("Name", Reach.ACCOUNT),
    "AWS::CloudFront::OriginAccessControl": ("OriginAccessControlConfig.Name", Reach.ACCOUNT),
    "AWS::CloudFront::OriginRequestPolicy": ("OriginRequestPolicyConfig.Name", Reach.ACCOUNT),
    "AWS::CloudFront::ResponseHeadersPolicy": ("ResponseHeadersPolicyConfig.Name", Reach.ACCOUNT),
    "AWS::CloudWatch::Alarm": ("AlarmName", Reach.REGION),
    "AWS::CloudWatch::CompositeAlarm": ("AlarmName", Reach.REGION),
    "AWS::CloudWatch::Dashboard": ("DashboardName", Reach.ACCOUNT),
    "AWS::CodeBuild::Project": ("Name", Reach.REGION),
    "AWS::CodePipeline::Pipeline": ("Name", Reach.REGION),
    "AWS::DynamoDB::GlobalTable": ("TableName", Reach.REGION),
    "AWS::DynamoDB::Table": ("TableName", Reach.REGION),
    "AWS::ECR::Repository": ("RepositoryName", Reach.REGION),
    "AWS::ECS::Cluster": ("ClusterName", Reach.REGION),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": ("Name", Reach.REGION),
    "AWS::ElasticLoadBalancingV2::TargetGroup": ("Name", Reach.REGION),
    "AWS::Events::EventBus": ("Name", Reach.REGION),
    "AWS::Events::Rule": ("Name", Reach.REGION),
    "AWS::IAM::Group": ("GroupName", Reach.ACCOUNT),
    "AWS::IAM::InstanceProfile": ("InstanceProfileName", Reach.ACCOUNT),
    "AWS::IAM::ManagedPolicy": ("ManagedPolicyName", Reach.ACCOUNT),
    "AWS::IAM::Role": ("RoleName", Reach.ACCOUNT),
    "AWS::IAM::User": ("UserName", Reach.ACCOUNT),
    "AWS::KMS::Alias": ("AliasName", Reach.REGION),
    "AWS::Kinesis::Stream": ("Name", Reach.REGION),
    "AWS::KinesisFirehose::DeliveryStream": ("DeliveryStreamName", Reach.REGION),
    "AWS::Lambda::Function": ("FunctionName", Reach.REGION),
    "AWS::Logs::LogGroup": ("LogGroupName", Reach.REGION),
    "AWS::RDS::DBCluster": ("DBClusterIdentifier", Reach.REGION),
    "AWS::RDS::DBInstance": ("DBInstanceIdentifier", Reach.REGION),
    "AWS::S3::Bucket": ("BucketName", Reach.WORLD),
    "AWS::SNS::Topic": ("TopicName", Reach.REGION),
    "AWS::SQS::Queue": ("QueueName", Reach.REGION),
    "AWS::SSM::Document": ("Name", Reach.REGION),
    "AWS::SSM::Parameter": ("Name", Reach.REGION),
    "AWS::Scheduler::ScheduleGroup": ("Name", Reach.REGION),
    "AWS::SecretsManager::Secret": ("Name", Reach.REGION),
    "AWS::StepFunctions::Activity": ("Name", Reach.REGION),
    "AWS::StepFunctions::StateMachine": ("StateMachineName", Reach.REGION),
    "AWS::WAFv2::IPSet": ("Name", Reach.REGION),
    "AWS::WAFv2::RuleGroup": ("Name", Reach.REGION),
    "AWS::WAFv2::WebACL": ("Name", Reach.REGION),
}
