"""An IP set whose addresses the run time owns: nobody may make CloudFormation update it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsii
from aws_cdk import Stack
from aws_cdk import aws_wafv2 as wafv2
from constructs import IValidation

if TYPE_CHECKING:
    from constructs import Construct

DESCRIPTION = "Kept at run time: CloudFormation must not change it"

# All that the resource has but its tags, which `Tags.of(app)` puts on everything.
OWNED = ("Addresses", "Description", "IPAddressVersion", "Name", "Scope")
WHY = (
    "UpdateIPSet, and so CloudFormation, always writes the addresses too, those of the template: what the run time put"
    " there would be gone until it is healed"
)


class RunTimeIpSet(wafv2.CfnIPSet):
    """An IP set without addresses in the template, which refuses to be changed there by escape hatches.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_UpdateIPSet.html: addresses are not optional.
    """

    def __init__(self, scope: Construct, id: str, *, name: str, waf_scope: str, version: str) -> None:
        """Create it from constants only, so that no later synthesis says anything else.

        Args:
            scope: The parent.
            id: The id in `scope`.
            name: Its name.
            waf_scope: `CLOUDFRONT` or `REGIONAL`.
            version: `IPV4` or `IPV6`.
        """
        super().__init__(
            scope,
            id,
            addresses=[],
            description=DESCRIPTION,
            ip_address_version=version,
            name=name,
            scope=waf_scope,
        )
        expected = {"addresses": [], "description": DESCRIPTION, "name": name, "scope": waf_scope}
        self.node.add_validation(_Unchanged(self, {**expected, "ip_address_version": version}))

    def add_override(self, path: str, value: object) -> None:
        """As `CfnResource.add_override`, but for the properties that must stay.

        Raises:
            ValueError: It would change one of them.
        """
        _refuse(self, path)
        super().add_override(path, value)

    def add_property_override(self, property_path: str, value: object) -> None:
        """As `CfnResource.add_property_override`, but for the properties that must stay.

        Raises:
            ValueError: It would change one of them.
        """
        _refuse(self, f"Properties.{property_path}")
        super().add_property_override(property_path, value)

    def add_deletion_override(self, path: str) -> None:
        """As `CfnResource.add_deletion_override`, but for the properties that must stay.

        Raises:
            ValueError: It would delete one of them.
        """
        _refuse(self, path)
        super().add_deletion_override(path)

    def add_property_deletion_override(self, property_path: str) -> None:
        """As `CfnResource.add_property_deletion_override`, but for the properties that must stay.

        Raises:
            ValueError: It would delete one of them.
        """
        _refuse(self, f"Properties.{property_path}")
        super().add_property_deletion_override(property_path)


@jsii.implements(IValidation)
class _Unchanged:
    """At synthesis: the properties are what they were made with."""

    def __init__(self, ip_set: RunTimeIpSet, expected: dict[str, Any]) -> None:
        self._ip_set = ip_set
        self._expected = expected

    def validate(self) -> list[str]:
        stack = Stack.of(self._ip_set)
        found = {name: stack.resolve(getattr(self._ip_set, name)) for name in self._expected}
        return [
            f"{name} of an IP set that is kept at run time is {found[name]!r}; allowed: {value!r}; leave it: {WHY}"
            for name, value in self._expected.items()
            if found[name] != value
        ]


def _refuse(ip_set: RunTimeIpSet, path: str) -> None:
    parts = path.split(".")
    if parts[0] == "Properties" and (len(parts) == 1 or parts[1] in OWNED):
        raise ValueError(
            f"{ip_set.node.path}: override of {path}; allowed: overrides of anything but {', '.join(OWNED)}; leave it:"
            f" {WHY}"
        )
