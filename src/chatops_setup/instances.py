"""The instances that a target means, as EC2, Systems Manager and IAM know them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_setup.aws import DeniedCallError, RefusedCallError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from chatops_setup.aws import Aws
    from chatops_setup.targets import Target

_GONE = frozenset({"shutting-down", "terminated"})


@dataclass(frozen=True)
class Agent:
    """An SSM agent as Systems Manager knows it."""

    version: str
    ping_status: str
    last_ping: datetime | None

    @property
    def is_online(self) -> bool:
        """Whether it can be sent commands."""
        return self.ping_status == "Online"


@dataclass(frozen=True)
class Profile:
    """An instance profile.

    Attributes:
        name: Its name.
        role: The role in it; None if there is none.
        policies: The ARNs of the managed policies of the role; None if they could not be read.
    """

    name: str
    role: str | None
    policies: frozenset[str] | None


@dataclass(frozen=True)
class SeenInstance:
    """One instance.

    Attributes:
        id: Its id.
        name: Its tag `Name`, or the name of its computer; empty without either.
        state: EC2's word for it; None if EC2 does not know it.
        profile: Its profile; None if it has none.
        agent: Its agent; None if none has ever registered.
    """

    id: str
    name: str
    state: str | None
    profile: Profile | None
    agent: Agent | None

    @property
    def shown(self) -> str:
        """For people."""
        return f"{self.name} ({self.id})" if self.name else self.id


@dataclass(frozen=True)
class SeenTarget:
    """What a target means now.

    Attributes:
        target: The target.
        instances: The instances.
        denied: What whoever asked may not look at.
    """

    target: Target
    instances: tuple[SeenInstance, ...]
    denied: tuple[DeniedCallError, ...]


class Instances:
    """Looks instances up; each profile once."""

    def __init__(self, aws: Aws) -> None:
        """In `aws`."""
        self._aws = aws
        self._profiles: dict[str, Profile] = {}
        self._denied: list[DeniedCallError] = []

    def of(self, target: Target) -> SeenTarget:
        """The instances that a target means, those without an agent among them.

        Raises:
            AwsError: AWS cannot be asked. What may not be asked is in the result.
        """
        self._denied = []
        described = {each["InstanceId"]: each for each in self._described(target)}
        agents = {each["InstanceId"]: each for each in self._managed(target)}
        # A command reaches what Systems Manager finds; EC2 knows as well what has never come so far.
        ids = [*described, *(id for id in agents if id not in described)]
        return SeenTarget(
            target,
            tuple(self._seen(id, described.get(id), agents.get(id)) for id in ids),
            tuple({each.permission: each for each in self._denied}.values()),
        )

    def _described(self, target: Target) -> list[dict[str, Any]]:
        try:
            reservations = list(
                self._aws.all_of("ec2", "describe_instances", "Reservations", Filters=target.ec2_filters)
            )
        except DeniedCallError as error:
            self._denied.append(error)
            return []
        found = [each for reservation in reservations for each in reservation["Instances"]]
        return [
            each
            for each in found
            if each["State"]["Name"] not in _GONE and (not target.ids or each["InstanceId"] in target.ids)
        ]

    def _managed(self, target: Target) -> list[dict[str, Any]]:
        try:
            return list(
                self._aws.all_of(
                    "ssm", "describe_instance_information", "InstanceInformationList", Filters=target.ssm_filters
                )
            )
        except DeniedCallError as error:
            self._denied.append(error)
        except RefusedCallError as error:
            # https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeInstanceInformation.html
            if error.code != "InvalidInstanceId":
                raise
        return []

    def _seen(self, id: str, described: dict[str, Any] | None, managed: dict[str, Any] | None) -> SeenInstance:
        profile = (described or {}).get("IamInstanceProfile")
        return SeenInstance(
            id=id,
            name=_name(described or {}) or (managed or {}).get("ComputerName", ""),
            state=described["State"]["Name"] if described else None,
            profile=self._profile(profile["Arn"].rpartition("/")[2]) if profile else None,
            agent=None
            if managed is None
            else Agent(managed.get("AgentVersion", "?"), managed["PingStatus"], managed.get("LastPingDateTime")),
        )

    def _profile(self, name: str) -> Profile:
        if name not in self._profiles:
            self._profiles[name] = self._looked_up(name)
        return self._profiles[name]

    def _looked_up(self, name: str) -> Profile:
        role = None
        try:
            profile = self._aws.call("iam", "get_instance_profile", InstanceProfileName=name)["InstanceProfile"]
            role = next((each["RoleName"] for each in profile["Roles"]), None)
            attached: Iterable[dict[str, str]] = (
                self._aws.all_of("iam", "list_attached_role_policies", "AttachedPolicies", RoleName=role)
                if role
                else ()
            )
            return Profile(name, role, frozenset(each["PolicyArn"] for each in attached))
        except DeniedCallError as error:
            self._denied.append(error)
        except RefusedCallError as error:
            if error.code != "NoSuchEntity":
                raise
            return Profile(name, None, frozenset())
        return Profile(name, role, None)


def _name(described: dict[str, Any]) -> str:
    return next((str(tag["Value"]) for tag in described.get("Tags", []) if tag["Key"] == "Name"), "")
