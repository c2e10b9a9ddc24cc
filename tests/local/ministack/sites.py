"""Templates of sites: a private bucket, a distribution before it, and a web ACL before that."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.local.ministack.stacks import role, template, write_assembly

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.server import DeployedStack, Server

SEEN = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
SECURITY_HEADERS = "67f7725c-6f97-4210-82d7-5512b31e9d03"
"""https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html"""


def get_att(logical_id: str, attribute: str = "Arn") -> dict[str, Any]:
    return {"Fn::GetAtt": [logical_id, attribute]}


def behaviour(origin: str = "bucket", **properties: Any) -> dict[str, Any]:
    own = {"TargetOriginId": origin, "ViewerProtocolPolicy": "redirect-to-https", "CachePolicyId": CACHING_DISABLED}
    return {**own, **properties}


def bucket_origin(bucket: str = "Bucket", access_control: str | None = "AccessControl") -> dict[str, Any]:
    control = {"OriginAccessControlId": get_att(access_control, "Id")} if access_control else {}
    domain = get_att(bucket, "RegionalDomainName")
    return {"Id": "bucket", "DomainName": domain, "S3OriginConfig": {"OriginAccessIdentity": ""}, **control}


def aws_origin(origin_id: str, domain: Any, **properties: Any) -> dict[str, Any]:
    custom = {"OriginProtocolPolicy": "https-only"}
    return {"Id": origin_id, "DomainName": domain, "CustomOriginConfig": custom, **properties}


def distribution(origins: list[dict[str, Any]] | None = None, **configuration: Any) -> dict[str, Any]:
    own = {
        "Enabled": True,
        "IPV6Enabled": True,
        "DefaultRootObject": "index.html",
        "Origins": origins or [bucket_origin()],
        "DefaultCacheBehavior": behaviour(),
        **configuration,
    }
    return {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": own}}


def access_control(name: str, kind: str = "s3") -> dict[str, Any]:
    config = {
        "Name": name,
        "OriginAccessControlOriginType": kind,
        "SigningBehavior": "always",
        "SigningProtocol": "sigv4",
    }
    return {"Type": "AWS::CloudFront::OriginAccessControl", "Properties": {"OriginAccessControlConfig": config}}


def bucket_policy(*actions: str, source: str = "Distribution") -> dict[str, Any]:
    """CloudFront may do this for one distribution, and nobody may without TLS."""
    own = {"Fn::Join": ["", ["arn:aws:cloudfront::123456789012:distribution/", {"Ref": source}]]}
    objects = {"Fn::Join": ["", [get_att("Bucket"), "/*"]]}
    statements = [
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [get_att("Bucket"), objects],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
        {
            "Effect": "Allow",
            "Principal": {"Service": "cloudfront.amazonaws.com"},
            "Action": list(actions),
            "Resource": [get_att("Bucket"), objects],
            "Condition": {"StringEquals": {"AWS:SourceArn": own}},
        },
    ]
    document = {"Version": "2012-10-17", "Statement": statements}
    return {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "Bucket"}, "PolicyDocument": document}}


def ip_set(*addresses: str, version: str = "IPV4") -> dict[str, Any]:
    properties = {"Scope": "CLOUDFRONT", "IPAddressVersion": version, "Addresses": list(addresses)}
    return {"Type": "AWS::WAFv2::IPSet", "Properties": properties}


def web_acl(*rules: dict[str, Any], **properties: Any) -> dict[str, Any]:
    own = {"Scope": "CLOUDFRONT", "DefaultAction": {"Allow": {}}, "Rules": list(rules), "VisibilityConfig": SEEN}
    return {"Type": "AWS::WAFv2::WebACL", "Properties": {**own, **properties}}


def rule(name: str, statement: dict[str, Any], action: dict[str, Any], priority: int = 0) -> dict[str, Any]:
    return {"Name": name, "Priority": priority, "Statement": statement, "Action": action, "VisibilityConfig": SEEN}


def in_set(logical_id: str) -> dict[str, Any]:
    return {"IPSetReferenceStatement": {"Arn": get_att(logical_id)}}


def site(*rules: dict[str, Any], **more: dict[str, Any]) -> dict[str, Any]:
    """A bucket with a distribution, and the resources given; a web ACL if there are rules."""
    resources = {
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {}},
        "AccessControl": access_control("site"),
        "Distribution": distribution(),
        "Policy": bucket_policy("s3:GetObject"),
        **more,
    }
    if rules:
        resources.setdefault("WebAcl", web_acl(*rules))
        resources["Distribution"]["Properties"]["DistributionConfig"]["WebACLId"] = get_att("WebAcl")
    return resources


def put(server: Server, stack: DeployedStack, **pages: str) -> None:
    """Put pages into the bucket; ``index_html`` is ``index.html``."""
    for name, text in pages.items():
        key = ".".join(name.rsplit("_", 1))
        kind = "text/html" if key.endswith("html") else "application/json"
        server.client("s3").put_object(Bucket=stack.resource("Bucket"), Key=key, Body=text.encode(), ContentType=kind)


def domain_of(server: Server, stack: DeployedStack, logical_id: str = "Distribution") -> str:
    found = server.client("cloudfront").get_distribution(Id=stack.resource(logical_id))
    domain: str = found["Distribution"]["DomainName"]
    return domain


def assembly_with_files(directory: Path, name: str, resources: dict[str, Any], files: dict[str, str]) -> Path:
    """An assembly with an asset of files, ``assets/files.zip`` once it is published."""
    source = directory / "asset.files"
    for path, text in files.items():
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).write_text(text)
    assembly = write_assembly(directory, {name: template(resources)})
    destination = {"current": {"bucketName": "assets", "objectKey": "files.zip"}}
    asset = {"source": {"path": "asset.files", "packaging": "zip"}, "destinations": destination}
    (assembly / f"{name}.assets.json").write_text(json.dumps({"version": "50.0.0", "files": {"files": asset}}))
    return assembly


def deployment(**properties: Any) -> dict[str, Any]:
    own = {
        "ServiceToken": get_att("Provider"),
        "SourceBucketNames": ["assets"],
        "SourceObjectKeys": ["files.zip"],
        "DestinationBucketName": {"Ref": "Bucket"},
    }
    return {"Type": "Custom::CDKBucketDeployment", "Properties": {**own, **properties}, "DependsOn": "ProviderPolicy"}


def provider(*statements: dict[str, Any]) -> dict[str, Any]:
    """CDK's function behind a custom resource, with its role and policy."""
    code = {"ZipFile": "raise RuntimeError('this never runs')"}
    function = {"Handler": "index.handler", "Runtime": "nodejs22.x", "Code": code, "Role": get_att("ProviderRole")}
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    policy = {"PolicyName": "p", "Roles": [{"Ref": "ProviderRole"}], "PolicyDocument": document}
    return {
        "Provider": {"Type": "AWS::Lambda::Function", "Properties": function},
        "ProviderRole": role("lambda"),
        "ProviderPolicy": {"Type": "AWS::IAM::Policy", "Properties": policy},
    }
