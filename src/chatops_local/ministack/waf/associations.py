"""Which regional resource has which web ACL. A distribution says it itself, in its configuration.

https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociateWebACL.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.waf.errors import invalid_parameter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.waf.entities import Entities

_REST_STAGE = re.compile(r"arn:aws:apigateway:(?P<region>[a-z0-9-]+)::/restapis/(?P<api>[a-z0-9]+)/stages/[^/]+")
"""AWS WAF protects REST APIs, and neither HTTP APIs nor function URLs.

https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html; of what else it protects, the
local cloud has nothing.
"""


class Associations:
    """The associations of an account.

    Args:
        entities: the web ACLs.
    """

    def __init__(self, entities: Entities) -> None:
        """Start with none."""
        self._entities = entities
        self._web_acls: dict[str, str] = {}

    def associate(self, request: Mapping[str, Any], region: str) -> dict[str, Any]:
        """Put a web ACL in front of a stage of a REST API, instead of another one if there is one."""
        resource = request["ResourceArn"]
        stage = _REST_STAGE.fullmatch(resource)
        if stage is None or stage["region"] != region:
            raise invalid_parameter(
                "The ARN isn't valid. A valid ARN begins with arn: and includes other information separated by colons "
                "or slashes.",
                "RESOURCE_ARN",
                resource,
            )
        web_acl = self._entities.by_arn(request["WebACLArn"])
        if web_acl.scope != "REGIONAL" or web_acl.region != region:
            raise invalid_parameter("The web ACL is of another scope or region.", "WEB_ACL", web_acl.arn)
        self._web_acls[resource] = web_acl.arn
        return {}

    def disassociate(self, request: Mapping[str, Any], _region: str) -> dict[str, Any]:
        """Take the web ACL away."""
        self._web_acls.pop(request["ResourceArn"], None)
        return {}

    def of_resource(self, request: Mapping[str, Any], _region: str) -> dict[str, Any]:
        """The web ACL of a resource."""
        arn = self.arn_of(request["ResourceArn"])
        return {} if arn is None else {"WebACL": self._entities.by_arn(arn).content}

    def of_web_acl(self, request: Mapping[str, Any], _region: str) -> dict[str, Any]:
        """The resources of a web ACL."""
        wanted = self._entities.by_arn(request["WebACLArn"]).arn
        return {"ResourceArns": [resource for resource, arn in self._web_acls.items() if arn == wanted]}

    def arn_of(self, resource: str) -> str | None:
        """The ARN of the web ACL in front of a resource."""
        return self._web_acls.get(resource)

    def uses(self, web_acl: str) -> bool:
        """Whether a web ACL is in front of something."""
        return web_acl in self._web_acls.values()
