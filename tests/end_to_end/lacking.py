"""An app that lacks a permission, for what it then tells. That each one is needed is shown by `make iam`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tests.iam.permissions import permissions_in, without

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.iam.permissions import Permission, Template


class Lack(NamedTuple):
    """What an app lacks."""

    policy: str
    """The logical id of the policy, without its hash."""
    action: str
    resource: str = ""
    """A part of what is reached, or the kind of items."""

    def __str__(self) -> str:
        """In a test's name."""
        return ".".join(filter(None, (self.policy[:40], self.action, self.resource)))

    @property
    def denial(self) -> str:
        """What AWS says then."""
        return f"is not authorized to perform: {self.action} "

    def covers(self, permission: Permission) -> bool:
        """Whether it is this permission."""
        return (permission.policy[:-8], permission.action) == (self.policy, self.action) and (
            self.resource == permission.kind or self.resource in permission.resource
        )


def lacking(*lacks: Lack) -> Callable[[dict[str, Any]], None]:
    """What takes permissions out of a template, and starts functions anew that may have looked something up."""

    def edit(template: Template) -> None:
        for lack in lacks:
            (taken,) = [one for one in permissions_in("", template) if lack.covers(one)]
            template["Resources"] = without(template, "", taken)["Resources"]
        for resource in template["Resources"].values():
            if lacks and resource["Type"] == "AWS::Lambda::Function":
                environment = resource["Properties"].setdefault("Environment", {}).setdefault("Variables", {})
                environment["STARTED_WITHOUT"] = " ".join(map(str, lacks))

    return edit
