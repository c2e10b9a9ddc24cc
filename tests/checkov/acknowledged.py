"""Findings of checkov in the examples that are as they are meant to be: by check and type of resource, why.

`python -m tests.checkov` fails for a finding that is not here, and for a line here without a finding.
"""

from __future__ import annotations

OWN_KEY = "a key of AWS encrypts it; one of your own costs money and has to be looked after: it is yours to pass in"

ACKNOWLEDGED = {
    ("CKV_AWS_18", "AWS::S3::Bucket"): "CloudFront alone reads a site's bucket, and the distribution's log is the log",
    ("CKV_AWS_21", "AWS::S3::Bucket"): (
        "a pipeline writes each artifact once, under a name of its own, and needs it for 90 days"
    ),
    ("CKV_AWS_26", "AWS::SNS::Topic"): (
        "alarms and notices pass through; CloudWatch cannot publish to a topic with a key of AWS, and one of your own "
        "is yours to pass in"
    ),
    ("CKV_AWS_27", "AWS::SQS::Queue"): f"{OWN_KEY}. The check does not know SqsManagedSseEnabled, which is on",
    ("CKV_AWS_28", "AWS::DynamoDB::Table"): "a lock of a moment ago is of no use: there is nothing to recover",
    ("CKV_AWS_68", "AWS::CloudFront::Distribution"): "the smallest site has no web ACL; `web_acl=` is how it gets one",
    ("CKV_AWS_86", "AWS::CloudFront::Distribution"): (
        "the log is there: delivered through CloudWatch Logs (AWS::Logs::Delivery), which the check does not know"
    ),
    ("CKV_AWS_111", "AWS::IAM::ManagedPolicy"): (
        "the actions of Systems Manager's agent have no resource types in IAM; this policy holds nothing else"
    ),
    ("CKV_AWS_111", "AWS::IAM::Policy"): (
        "CDK's pipelines write it: the build that publishes assets may start and stop builds, which it does in batches"
    ),
    ("CKV_AWS_115", "AWS::Lambda::Function"): (
        "a reserved concurrency is taken from all other functions of the account: that is for you to divide. What "
        "strangers can reach is throttled before it"
    ),
    ("CKV_AWS_116", "AWS::Lambda::Function"): (
        "HTTP, state machines, queues and streams invoke them, which have the failure themselves; those that a "
        "schedule or a rule invokes look at everything again at the next time"
    ),
    ("CKV_AWS_117", "AWS::Lambda::Function"): (
        "they call the public endpoints of AWS and Slack only; in a VPC each would need a NAT gateway, and gain nothing"
    ),
    ("CKV_AWS_119", "AWS::DynamoDB::Table"): OWN_KEY,
    ("CKV_AWS_158", "AWS::Logs::LogGroup"): OWN_KEY,
    (
        "CKV_AWS_173",
        "AWS::Lambda::Function",
    ): f"no secret is in the environment: it has names of parameters. Besides, {OWN_KEY}",
    ("CKV_AWS_174", "AWS::CloudFront::Distribution"): (
        "without a domain of your own CloudFront's certificate is used, whose TLS version cannot be chosen"
    ),
    ("CKV_AWS_192", "AWS::WAFv2::WebACL"): (
        "about Log4j, in front of Lambda functions in Python and files; managed rules that you want go beside ours"
    ),
}
