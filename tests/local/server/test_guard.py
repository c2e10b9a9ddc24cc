"""What cannot be emulated or checked is refused before anything is deployed, by name and all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.server import UnsupportedError
from chatops_local.server.guard import check
from chatops_local.server.guard.policies import CHECKED_ACTIONS
from chatops_local.server.guard.types import EMULATED
from chatops_local.server.template_text import plain_text
from tests.local.ministack.sites import access_control, bucket_origin, distribution
from tests.local.ministack.stacks import allow, deny, document, function, machine, role, template, write_assembly

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.server import Server

TASK = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": True}


def refusal(resource: dict[str, Any], **others: dict[str, Any]) -> str:
    with pytest.raises(UnsupportedError) as refused:
        check("Stack", template({"Thing": resource, **others}))
    return str(refused.value)


def with_state(**fields: Any) -> dict[str, Any]:
    return machine("Role", {"State": {**TASK, **fields}})


def test_an_ordinary_stack_passes():
    resources = {
        "Role": role("states", allow(sorted(CHECKED_ACTIONS)), allow("ssm:SendCommand", "*", {
            "StringEquals": {"ssm:resourceTag/Role": "web"}})),
        "Function": function("", "Role"),
        "Machine": with_state(),
        "Document": document("true"),
    }  # fmt: skip
    check("Stack", template(resources))


@pytest.mark.parametrize(
    "resource_type",
    [
        "AWS::EC2::Instance",
        "AWS::CloudFormation::WaitCondition",
        "Custom::Thing",
        "AWS::WAFv2::RegexPatternSet",
        "AWS::RDS::DBInstance",
    ],
)
def test_a_type_that_is_not_emulated(resource_type: str):
    text = refusal({"Type": resource_type, "Properties": {}})
    assert f"Thing ({resource_type}): this resource type is not emulated" in text


def test_every_problem_is_in_the_one_error():
    resources = {
        "One": {"Type": "AWS::EC2::Instance"},
        "Two": function("", "Role", Runtime="nodejs22.x"),
        "Three": role("lambda", allow("s3:GetObject")),
    }
    with pytest.raises(UnsupportedError) as refused:
        check("Stack", template(resources))
    lines = str(refused.value).splitlines()
    assert lines[0].startswith("stack Stack uses what the local cloud does not emulate")
    assert [line.split()[0] for line in lines[1:]] == ["One", "Two", "Three"]


@pytest.mark.parametrize("action", ["s3:GetObject", "ssm:DeleteParameter", "iam:PassRole", "ssm:Nonsense"])
def test_an_action_that_nothing_checks(action: str):
    assert f"action {action} is not emulated" in refusal(role("lambda", allow(action)))
    policy = {"PolicyDocument": {"Version": "2012-10-17", "Statement": allow(action)}}
    for resource_type in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
        assert action in refusal({"Type": resource_type, "Properties": policy})


@pytest.mark.parametrize("pattern", ["*", "ssm:*", "ssm:Get*", "states:StartExecutio?"])
def test_a_pattern_of_actions(pattern: str):
    assert f"action pattern {pattern} allows what the local cloud cannot check" in refusal(
        role("lambda", allow(pattern))
    )


def test_whatever_is_denied_is_denied():
    # Nothing may be allowed that nothing checks, so that denying it changes nothing here.
    nobody_reads = deny(["iam:PassRole", "ssm:GetParameter", "lambda:Update*"])
    check("Stack", template({"Policy": policy(nobody_reads), "Role": role("lambda", nobody_reads)}))
    text = refusal(policy({**deny("ssm:GetParameter"), "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}))
    assert "condition Bool on aws:MultiFactorAuthPresent is not emulated" in text


def policy(statement: dict[str, Any]) -> dict[str, Any]:
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}}


def test_not_action_and_conditions_without_a_value():
    statement = {"Effect": "Allow", "NotAction": "ssm:GetParameter", "Resource": "*"}
    assert "NotAction is not emulated" in refusal(role("lambda", statement))
    condition = {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}
    text = refusal(role("lambda", allow("ssm:GetParameter", "*", condition)))
    assert "condition StringNotEqualsIfExists on aws:PrincipalOrgID is not emulated" in text


def test_a_policy_of_aws_whose_text_is_not_known():
    resource = role("lambda")
    arn = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::aws:policy/AdministratorAccess"]]}
    resource["Properties"]["ManagedPolicyArns"] = [arn]
    assert "AWS's managed policy arn:aws:iam::aws:policy/AdministratorAccess is not emulated" in refusal(resource)


@pytest.mark.parametrize(
    ("name", "resource"),
    [
        ("runtime nodejs22.x", function("", "Role", Runtime="nodejs22.x")),
        ("runtime none", {"Type": "AWS::Lambda::Function", "Properties": {"PackageType": "Image"}}),
        ("property VpcConfig", function("", "Role", VpcConfig={})),
        ("aws-sdk:rds:rebootDBInstance", with_state(Resource="arn:aws:states:::aws-sdk:rds:rebootDBInstance")),
        ("aws-sdk:ssm:deleteParameter",
         with_state(Resource="arn:${AWS::Partition}:states:::aws-sdk:ssm:deleteParameter")),
        ("lambda:invoke.sync", with_state(Resource="arn:aws:states:::lambda:invoke.sync")),
        ("HeartbeatSeconds", with_state(HeartbeatSeconds=5)),
        ("Credentials", with_state(Credentials={"RoleArn": "x"})),
        ("activity:wait", with_state(Resource="arn:aws:states:us-east-1:123456789012:activity:wait")),
        ("${Thing}", with_state(Resource="${Thing}")),
        ("the definition cannot be read", {"Type": "AWS::StepFunctions::StateMachine", "Properties": {
            "DefinitionS3Location": {}}}),
        ("protocol sms", {"Type": "AWS::SNS::Subscription", "Properties": {"Protocol": "sms"}}),
        ("FIFO topic", {"Type": "AWS::SNS::Topic", "Properties": {"FifoTopic": True}}),
        ("property Subscription", {"Type": "AWS::SNS::Topic", "Properties": {"Subscription": [{"Protocol": "sqs"}]}}),
        ("property RedriveAllowPolicy", {"Type": "AWS::SQS::Queue", "Properties": {"RedriveAllowPolicy": {}}}),
        ("property DestinationConfig", {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {
            "EventSourceArn": "arn", "FunctionName": "f", "DestinationConfig": {}}}),
        ("property EvaluationCriteria", {"Type": "AWS::CloudWatch::Alarm", "Properties": {"EvaluationCriteria": {}}}),
        ("'RATE(m)' is not emulated in metric math", {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Metrics": [
            {"Id": "e", "Expression": "RATE(m)"},
            {"Id": "m", "ReturnData": False, "MetricStat": {
                "Metric": {"Namespace": "Ops", "MetricName": "m"}, "Period": 60, "Stat": "Sum"}}]}}),
        ("comparison LessThanLowerThreshold", {"Type": "AWS::CloudWatch::Alarm", "Properties": {
            "ComparisonOperator": "LessThanLowerThreshold"}}),
        ("an action on AWS::DynamoDB::Table", {"Type": "AWS::CloudWatch::Alarm", "Properties": {
            "ComparisonOperator": "GreaterThanThreshold", "AlarmActions": [{"Fn::GetAtt": ["Table", "Arn"]}]}}),
        ("NotPrincipal", {"Type": "AWS::SQS::QueuePolicy", "Properties": {"PolicyDocument": {
            "Statement": [{"NotPrincipal": "*"}]}}}),
        ("condition StringEquals on aws:SourceVpce", {"Type": "AWS::SNS::TopicPolicy", "Properties": {
            "PolicyDocument": {"Statement": {"Condition": {"StringEquals": {"aws:SourceVpce": "v"}}}}}}),
        ("universal target", {"Type": "AWS::Scheduler::Schedule", "Properties": {
            "Target": {"Arn": "arn:aws:scheduler:::aws-sdk:ssm:sendCommand"}}}),
    ],
)  # fmt: skip
def test_what_a_resource_cannot_have(name: str, resource: dict[str, Any]):
    text = resource.get("Properties", {}).get("DefinitionString")
    if text:
        resource = {**resource, "Properties": {**resource["Properties"], "DefinitionString": {"Fn::Sub": text}}}
    assert name in refusal(resource, Table={"Type": "AWS::DynamoDB::Table"})


def test_states_inside_states_are_seen():
    inner = {"StartAt": "Deep", "States": {"Deep": {**TASK, "Resource": "arn:aws:states:::batch:submitJob"}}}
    for outer in ({"Type": "Map", "ItemProcessor": inner}, {"Type": "Parallel", "Branches": [inner]}):
        assert "state 'Deep': integration batch:submitJob is not emulated" in refusal(
            machine("Role", {"Outer": {**outer, "End": True}})
        )
    distributed = {**inner, "ProcessorConfig": {"Mode": "DISTRIBUTED"}}
    assert "a distributed Map is not emulated" in refusal(
        machine("Role", {"Outer": {"Type": "Map", "ItemProcessor": distributed, "End": True}})
    )


@pytest.mark.parametrize("resource", ["sqs:sendMessage.waitForTaskToken", "states:startExecution.sync:2"])
def test_an_express_machine_waits_for_nothing(resource: str):
    made = with_state(Resource=f"arn:aws:states:::{resource}")
    check("Stack", template({"Machine": made}))
    made["Properties"]["StateMachineType"] = "EXPRESS"
    assert "Express state machines support neither .sync nor .waitForTaskToken" in refusal(made)


def test_a_task_may_be_a_function_of_the_template():
    made = with_state(Resource="${Function.Arn}")
    made["Properties"]["DefinitionString"] = {"Fn::Sub": made["Properties"]["DefinitionString"]}
    check("Stack", template({"Machine": made, "Function": function("", "Role")}))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        ({"Ref": "A"}, "${A}"),
        ({"Fn::GetAtt": ["A", "Arn"]}, "${A.Arn}"),
        ({"Fn::GetAtt": "A.Arn"}, "${A.Arn}"),
        ({"Fn::Join": ["-", ["a", {"Ref": "AWS::Partition"}, {"Ref": "B"}]]}, "a-aws-${B}"),
        ({"Fn::Sub": "arn:${AWS::Partition}:${B}:${!Literal}"}, "arn:aws:${B}:${!Literal}"),
        ({"Fn::Sub": ["${B}", {"B": "x"}]}, "${B}"),
        ({"Fn::ImportValue": "x"}, "${?}"),
        (7, "${?}"),
    ],
)
def test_texts_as_far_as_they_are_known(value: Any, text: str):
    assert plain_text(value) == text


def test_nothing_is_deployed_when_something_is_refused(server: Server, tmp_path: Path):
    stacks = {"Refused": template({"Topic": {"Type": "AWS::SNS::Topic"}, "Vpc": {"Type": "AWS::EC2::VPC"}})}
    with pytest.raises(UnsupportedError, match=r"Vpc \(AWS::EC2::VPC\)"):
        server.deploy(write_assembly(tmp_path, stacks))
    cloudformation = server.client("cloudformation")
    with pytest.raises(cloudformation.exceptions.ClientError, match="does not exist"):
        cloudformation.describe_stacks(StackName="Refused")


VISIBILITY = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
MINIMAL: dict[str, dict[str, Any]] = {
    "AWS::ApiGatewayV2::Api": {"Name": "api", "ProtocolType": "HTTP"},
    "AWS::ApiGatewayV2::Integration": {"ApiId": {"Ref": "Api"}, "IntegrationType": "AWS_PROXY",
                                       "IntegrationUri": {"Fn::GetAtt": ["Function", "Arn"]}},
    "AWS::ApiGatewayV2::Route": {"ApiId": {"Ref": "Api"}, "RouteKey": "GET /"},
    "AWS::ApiGatewayV2::Stage": {"ApiId": {"Ref": "Api"}, "StageName": "$default"},
    "AWS::CDK::Metadata": {"Analytics": "v2"},
    "AWS::CertificateManager::Certificate": {"DomainName": "example.com"},
    "AWS::CloudFront::CachePolicy": {"CachePolicyConfig": {"Name": "c", "DefaultTTL": 1, "MinTTL": 0, "MaxTTL": 2,
        "ParametersInCacheKeyAndForwardedToOrigin": {"EnableAcceptEncodingGzip": True,
            "CookiesConfig": {"CookieBehavior": "none"}, "HeadersConfig": {"HeaderBehavior": "none"},
            "QueryStringsConfig": {"QueryStringBehavior": "none"}}}},
    "AWS::CloudFront::Distribution": distribution([bucket_origin(access_control=None)])["Properties"],
    "AWS::CloudFront::Function": {"Name": "f", "FunctionCode": "function handler(event) { return event.request; }",
                                  "FunctionConfig": {"Comment": "c", "Runtime": "cloudfront-js-2.0"}},
    "AWS::CloudFront::OriginAccessControl": access_control("control")["Properties"],
    "AWS::CloudFront::OriginRequestPolicy": {"OriginRequestPolicyConfig": {"Name": "o",
        "CookiesConfig": {"CookieBehavior": "none"}, "HeadersConfig": {"HeaderBehavior": "none"},
        "QueryStringsConfig": {"QueryStringBehavior": "none"}}},
    "AWS::CloudFront::ResponseHeadersPolicy": {"ResponseHeadersPolicyConfig": {"Name": "r"}},
    "AWS::CloudWatch::Alarm": {"ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1, "Threshold": 1,
                               "MetricName": "m", "Namespace": "n", "Period": 60, "Statistic": "Sum"},
    "AWS::CloudWatch::Dashboard": {"DashboardBody": '{"widgets": []}'},
    "AWS::CodeBuild::Project": {"ServiceRole": "arn:aws:iam::123456789012:role/Build",
                                "Artifacts": {"Type": "NO_ARTIFACTS"},
                                "Environment": {"ComputeType": "BUILD_GENERAL1_SMALL", "Type": "LINUX_CONTAINER",
                                                "Image": "aws/codebuild/standard:7.0"},
                                "Source": {"Type": "NO_SOURCE", "BuildSpec": "version: 0.2"}},
    "AWS::CodeConnections::Connection": {"ConnectionName": "github", "ProviderType": "GitHub"},
    "AWS::CodePipeline::Pipeline": {"RoleArn": "arn:aws:iam::123456789012:role/Pipeline", "Stages": []},
    "AWS::DynamoDB::Table": {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                             "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                             "BillingMode": "PAY_PER_REQUEST"},
    "AWS::Events::Rule": {"EventPattern": {"source": ["s"]}},
    "AWS::IAM::ManagedPolicy": {"PolicyDocument": {"Version": "2012-10-17", "Statement": [allow("ssm:ListCommands")]}},
    "AWS::IAM::Policy": {"PolicyName": "p", "Roles": [{"Ref": "Role"}],
                         "PolicyDocument": {"Version": "2012-10-17", "Statement": [allow("ssm:ListCommands")]}},
    "AWS::IAM::Role": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}},
    "AWS::KMS::Alias": {"AliasName": "alias/minimal", "TargetKeyId": {"Ref": "Key"}},
    "AWS::KMS::Key": {"KeyPolicy": {"Version": "2012-10-17", "Statement": []}},
    "AWS::Lambda::Alias": {"FunctionName": {"Ref": "Function"}, "FunctionVersion": {"Fn::GetAtt": ["V", "Version"]},
                           "Name": "live"},
    "AWS::Lambda::EventInvokeConfig": {"FunctionName": {"Ref": "Function"}, "Qualifier": "$LATEST"},
    "AWS::Lambda::EventSourceMapping": {"FunctionName": {"Ref": "Function"},
                                        "EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]}},
    "AWS::Lambda::Function": {"Handler": "index.handler", "Runtime": "python3.13", "Code": {"ZipFile": "x = 1"},
                              "Role": {"Fn::GetAtt": ["Trusted", "Arn"]}},
    "AWS::Lambda::LayerVersion": {"Content": {"S3Bucket": "minimal", "S3Key": "layer.zip"}},
    "AWS::Lambda::Permission": {"Action": "lambda:InvokeFunction", "FunctionName": {"Ref": "Function"},
                                "Principal": "sns.amazonaws.com"},
    "AWS::Lambda::Url": {"AuthType": "NONE", "TargetFunctionArn": {"Ref": "Function"}},
    "AWS::Lambda::Version": {"FunctionName": {"Ref": "Function"}},
    "AWS::Logs::LogGroup": {"RetentionInDays": 1},
    "AWS::Logs::LogStream": {"LogGroupName": {"Ref": "Group"}},
    "AWS::Logs::QueryDefinition": {"Name": "a/query", "QueryString": "fields @message"},
    "AWS::Logs::ResourcePolicy": {"PolicyName": "p", "PolicyDocument": '{"Version": "2012-10-17", "Statement": []}'},
    "AWS::Logs::Delivery": {"DeliverySourceName": {"Ref": "Source"},
                            "DeliveryDestinationArn": {"Fn::GetAtt": ["Destination", "Arn"]}},
    "AWS::Logs::DeliveryDestination": {"Name": "d", "OutputFormat": "json", "DestinationResourceArn":
                                       "arn:aws:logs:us-east-1:123456789012:log-group:g"},
    "AWS::Logs::DeliverySource": {"Name": "s", "LogType": "ACCESS_LOGS",
                                  "ResourceArn": "arn:aws:cloudfront::123456789012:distribution/E1"},
    "AWS::Route53::HostedZone": {"Name": "example.com"},
    "AWS::Route53::RecordSet": {"HostedZoneId": {"Ref": "Zone"}, "Name": "www.example.com", "Type": "A", "TTL": "60",
                                "ResourceRecords": ["192.0.2.1"]},
    "AWS::S3::Bucket": {},
    "AWS::S3::BucketPolicy": {"Bucket": {"Ref": "Bucket"}, "PolicyDocument": {"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": {"Fn::GetAtt": ["Bucket", "Arn"]}}]}},
    "AWS::SNS::Subscription": {"Protocol": "sqs", "TopicArn": {"Ref": "Topic"},
                               "Endpoint": {"Fn::GetAtt": ["Queue", "Arn"]}},
    "AWS::SNS::Topic": {},
    "AWS::SNS::TopicPolicy": {"Topics": [{"Ref": "Topic"}], "PolicyDocument": {"Version": "2012-10-17",
                                                                              "Statement": []}},
    "AWS::SQS::Queue": {},
    "AWS::SQS::QueuePolicy": {"Queues": [{"Ref": "Queue"}], "PolicyDocument": {"Version": "2012-10-17",
                                                                              "Statement": []}},
    "AWS::SSM::Document": document("true")["Properties"],
    "AWS::SSM::Parameter": {"Type": "String", "Value": "v"},
    "AWS::SecretsManager::Secret": {"GenerateSecretString": {"PasswordLength": 20}},
    "AWS::Scheduler::Schedule": {"FlexibleTimeWindow": {"Mode": "OFF"}, "ScheduleExpression": "rate(1 day)",
                                 "Target": {"Arn": {"Fn::GetAtt": ["Queue", "Arn"]},
                                            "RoleArn": {"Fn::GetAtt": ["Scheduled", "Arn"]}}},
    "AWS::StepFunctions::StateMachine": {"RoleArn": {"Fn::GetAtt": ["States", "Arn"]},
                                         "DefinitionString": '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}'},
    "AWS::WAFv2::IPSet": {"Scope": "REGIONAL", "IPAddressVersion": "IPV4", "Addresses": []},
    "AWS::WAFv2::RuleGroup": {"Scope": "REGIONAL", "Capacity": 1, "VisibilityConfig": VISIBILITY},
    "AWS::WAFv2::WebACL": {"Scope": "REGIONAL", "DefaultAction": {"Allow": {}}, "VisibilityConfig": VISIBILITY},
    "AWS::WAFv2::WebACLAssociation": {"ResourceArn": "arn:aws:apigateway:us-east-1::/restapis/a1/stages/prod",
                                      "WebACLArn": {"Fn::GetAtt": ["WebAcl", "Arn"]}},
    "Custom::CDKBucketDeployment": {"ServiceToken": {"Fn::GetAtt": ["Copying", "Arn"]}, "SourceBucketNames": [],
                                    "SourceObjectKeys": [], "DestinationBucketName": "minimal"},
    "Custom::S3AutoDeleteObjects": {"ServiceToken": {"Fn::GetAtt": ["Copying", "Arn"]},
                                    "BucketName": {"Ref": "Bucket"}},
}  # fmt: skip
NEEDED = {
    "Api": ("AWS::ApiGatewayV2::Api", None),
    "Bucket": ("AWS::S3::Bucket", None),
    "Function": ("AWS::Lambda::Function", None),
    "Group": ("AWS::Logs::LogGroup", None),
    "Key": ("AWS::KMS::Key", None),
    "Queue": ("AWS::SQS::Queue", None),
    "Role": ("AWS::IAM::Role", None),
    "Topic": ("AWS::SNS::Topic", None),
    "V": ("AWS::Lambda::Version", None),
    "Destination": ("AWS::Logs::DeliveryDestination", None),
    "Source": ("AWS::Logs::DeliverySource", None),
    "Zone": ("AWS::Route53::HostedZone", None),
    "WebAcl": ("AWS::WAFv2::WebACL", None),
}


def test_every_emulated_type_deploys_and_is_deleted_again(server: Server, tmp_path: Path):
    assert set(MINIMAL) == EMULATED
    s3 = server.client("s3")
    s3.create_bucket(Bucket="minimal")
    s3.put_object(Bucket="minimal", Key="layer.zip", Body=b"PK\x05\x06" + bytes(18))
    resources = {name: {"Type": kind, "Properties": MINIMAL[kind]} for name, (kind, _) in NEEDED.items()}
    poll = allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"])
    resources |= {"Trusted": role("lambda", poll), "States": role("states"), "Scheduled": role("scheduler")}
    copying = allow(["s3:ListBucket", "s3:PutObject", "s3:DeleteObject"])
    resources |= {"Copying": function("", "CopyingRole", Runtime="nodejs22.x"), "CopyingRole": role("lambda", copying)}
    named = {kind for kind, _ in NEEDED.values()}
    resources |= {
        kind.replace("::", ""): {"Type": kind, "Properties": MINIMAL[kind]} for kind in MINIMAL if kind not in named
    }
    stack = server.deploy(write_assembly(tmp_path, {"Minimal": template(resources)}))
    assert set(stack.physical_ids) == set(resources)
    server.destroy(stack)
