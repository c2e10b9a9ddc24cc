"""What CloudFront refuses of a distribution in a template, and MiniStack keeps.

https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateDistribution.html#API_CreateDistribution_Errors
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.ministack.cloudfront.distributions import all_distributions
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.waf.entities import Entities

_resource_handlers = private("services.cloudformation.provisioners:_RESOURCE_HANDLERS")

_TYPE = "AWS::CloudFront::Distribution"
_HOME = "us-east-1"


def apply(entities: Entities) -> None:
    """Check distributions while templates are deployed."""
    handlers = _resource_handlers.get()[_TYPE]
    create, update = handlers["create"], handlers["update"]

    def checked_create(logical_id: str, properties: Mapping[str, Any], stack_name: str) -> Untyped:
        _check(properties["DistributionConfig"], "", entities)
        return create(logical_id, properties, stack_name)

    def checked_update(physical_id: str, old: object, new: Mapping[str, Any], *others: object) -> Untyped:
        _check(new["DistributionConfig"], physical_id, entities)
        return update(physical_id, old, new, *others)

    handlers["create"], handlers["update"] = checked_create, checked_update


def _check(configuration: Mapping[str, Any], own_id: str, entities: Entities) -> None:
    web_acl = str(configuration.get("WebACLId") or "")
    if web_acl:
        _check_web_acl(web_acl, entities)
    aliases = [str(alias).lower() for alias in configuration.get("Aliases") or []]
    certificate = str((configuration.get("ViewerCertificate") or {}).get("AcmCertificateArn") or "")
    if aliases and not certificate:
        raise ValueError(
            "InvalidViewerCertificate: To add an alternate domain name (CNAME) to a CloudFront distribution, you must "
            "attach a trusted certificate that validates your authorization to use the domain name."
        )
    if certificate and certificate.split(":")[3] != _HOME:
        raise ValueError(
            "InvalidViewerCertificate: The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't "
            "valid, or doesn't include a valid certificate chain."
        )
    for each in all_distributions():
        taken = sorted(set(aliases) & set(each.aliases))
        if taken and each.record["Id"] != own_id:
            raise ValueError(
                "CNAMEAlreadyExists: One or more of the CNAMEs you provided are already associated with a different "
                f"resource: {', '.join(taken)}."
            )


def _check_web_acl(arn: str, entities: Entities) -> None:
    known = {each.arn for each in entities.all() if each.kind == "webacl" and each.scope == "CLOUDFRONT"}
    if arn not in known:
        raise ValueError(
            f"InvalidWebACLId: Web ACL is not accessible by the requester, or does not have the scope CLOUDFRONT: {arn}"
        )
