"""Which instances a script runs on."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import Any

from aws_cdk import aws_iam as iam

from chatops_constructs._acknowledge import acknowledge_resource
from chatops_constructs._asked_once import arn_beside, placed
from chatops_constructs._problems import Problems, matches

INSTANCE_ID = re.compile(r"i-([0-9a-f]{8}|[0-9a-f]{17})")
# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html: up to 50 instance ids, and up to
# 50 values in one target.
MOST_IDS = 50
MOST_VALUES = 50

# `*` and `?` are wildcards and `${` begins a variable in an IAM condition
# (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html), `{%` an expression in a state.
SPECIAL = ("*", "?", "${", "{%")
WITHOUT = " ".join(SPECIAL)

TAGGED = "SendToTheTaggedInstances"


class Ec2Targets(ABC):
    """Which EC2 instances a script runs on: make one with `by_tag` or `by_ids`.

    Only instances that are online when the command starts get it; the others are named in the result.
    """

    @staticmethod
    def by_tag(key: str, *values: str) -> TaggedTargets:
        """Every instance that carries the tag with one of the values.

        Example:
            from chatops_constructs import Ec2Targets

            web = Ec2Targets.by_tag("Role", "web")
            production_web = Ec2Targets.by_tag("Role", "web").and_tag("Stage", "production")

        Args:
            key: The tag's key.
            values: One or more values; any of them will do. At most 50.

        Raises:
            ValueError: No key, no value, or a value that Systems Manager would read as a pattern or not at all.
        """
        return TaggedTargets(((key, values),))

    @staticmethod
    def by_ids(*instance_ids: str) -> Ec2Targets:
        """These instances.

        Example:
            from chatops_constructs import Ec2Targets

            bastion = Ec2Targets.by_ids("i-0123456789abcdef0")

        Args:
            instance_ids: One to 50 ids, `i-…`.

        Raises:
            ValueError: No id, more than 50, or one that is no instance id.
        """
        return _TargetsByIds(instance_ids)

    def pick(self, *, max: int = 1) -> PickedTargets:  # noqa: A002 - what it is
        """Those of them that the user picks from a menu of the instances that are online, by their names.

        For commands of Slack, since somebody has to be there to pick.

        Example:
            from chatops_constructs import Ec2Targets

            one_of_them = Ec2Targets.by_tag("Role", "web").pick()

        Args:
            max: How many may be picked at most, up to 50. Default: 1.

        Raises:
            ValueError: It is no number of instances that one command takes.
        """
        return PickedTargets(self, max)

    @property
    def most_picked(self) -> int | None:
        """How many of them a user picks at most, or None: all of them are targets."""
        return None

    @property
    @abstractmethod
    def description(self) -> str:
        """How people are told of the targets, such as `Role=web`."""

    @property
    @abstractmethod
    def filters(self) -> list[dict[str, Any]]:
        """Filters of DescribeInstanceInformation that find the targets. `Targets` of SendCommand have the same form."""

    @property
    def by_tags(self) -> bool:
        """Whether the targets are found by their tags."""
        return False

    @abstractmethod
    def grant_send(self, role: iam.Role, *, id: str = TAGGED) -> None:
        """Let `role` send commands to the targets and to nothing else.

        Args:
            role: The role of who sends.
            id: The id below `role` of the policy, if there is one. Default: the same for all targets.
        """


class TaggedTargets(Ec2Targets):
    """Instances by their tags, as `Ec2Targets.by_tag` makes them."""

    def __init__(self, tags: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
        """Check the tags; use `Ec2Targets.by_tag` instead.

        Args:
            tags: Each tag's key with its values.

        Raises:
            ValueError: As in `Ec2Targets.by_tag`.
        """
        problems = Problems("Ec2Targets.by_tag")
        for key, values in tags:
            # https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html: key up to 128
            # characters, value up to 256.
            problems.check(
                _plain(key, 128),
                "key",
                key,
                f"1 to 128 characters without {WITHOUT}",
                "name the tag, as in by_tag('Role', 'web')",
            )
            problems.check(
                0 < len(values) <= MOST_VALUES,
                "values",
                values,
                "1 to 50 values",
                "name them, as in by_tag('Role', 'web')",
            )
            for value in values:
                problems.check(
                    _plain(value, 256),
                    "values",
                    value,
                    f"1 to 256 characters without {WITHOUT}",
                    "name the value in full",
                )
        keys = [key for key, _ in tags]
        problems.check(
            len(set(keys)) == len(keys) <= 5, "key", keys, "up to 5 different keys", "give all values of a key at once"
        )
        problems.raise_if_any()
        self._tags = tags

    def and_tag(self, key: str, *values: str) -> TaggedTargets:
        """Of these instances, those that carry another tag as well.

        Args:
            key: The other tag's key.
            values: One or more values; any of them will do.

        Raises:
            ValueError: As in `Ec2Targets.by_tag`, or the key is there already.
        """
        return TaggedTargets((*self._tags, (key, values)))

    @property
    def description(self) -> str:
        """`Role=web`; several values as `Role=web|app`, several tags joined by ` and `."""
        return " and ".join(f"{key}={'|'.join(values)}" for key, values in self._tags)

    @property
    def filters(self) -> list[dict[str, Any]]:
        """One filter a tag; Systems Manager wants all of them."""
        return [{"Key": f"tag:{key}", "Values": list(values)} for key, values in self._tags]

    @property
    def by_tags(self) -> bool:
        """They are."""
        return True

    def grant_send(self, role: iam.Role, *, id: str = TAGGED) -> None:
        """Let `role` send commands to any instance on condition of its tags, in a policy of its own.

        Args:
            role: The role of who sends.
            id: The id below `role` of the policy. Default: the same for all targets.
        """
        instances = arn_beside(role, "ec2", "instance/*")
        policy = iam.Policy(
            role,
            id,
            roles=[role],
            statements=[
                iam.PolicyStatement(
                    sid=TAGGED,
                    actions=["ssm:SendCommand"],
                    resources=[instances],
                    conditions={"StringEquals": {f"ssm:resourceTag/{key}": list(values) for key, values in self._tags}},
                )
            ],
        )
        acknowledge_resource(
            placed(policy, role, id),
            instances,
            "which instances carry the tag is known only when the command runs; the condition on the tag is what limits"
            " them",
        )


class PickedTargets(Ec2Targets):
    """Instances that a user picks from a menu, as `Ec2Targets.pick` makes them."""

    def __init__(self, targets: Ec2Targets, most: int) -> None:
        """Check the number; use `Ec2Targets.pick` instead.

        Args:
            targets: Of which.
            most: How many at most.

        Raises:
            ValueError: It is no number of instances that one command takes.
        """
        problems = Problems("Ec2Targets.pick")
        problems.check(
            isinstance(most, int) and not isinstance(most, bool) and 1 <= most <= MOST_IDS,
            "max",
            most,
            f"1 to {MOST_IDS}",
            "say how many instances may be picked, or leave out pick() to run on all of them",
            tokens=False,
        )
        problems.raise_if_any()
        self._targets = targets
        self._most = most

    def __repr__(self) -> str:
        """As it was written."""
        return f"targets.pick(max={self._most})"

    @property
    def most_picked(self) -> int:
        """How many a user picks at most."""
        return self._most

    @property
    def description(self) -> str:
        """`1 of Role=web`, or `up to 3 of Role=web`."""
        return f"{'1' if self._most == 1 else f'up to {self._most}'} of {self._targets.description}"

    @property
    def filters(self) -> list[dict[str, Any]]:
        """Those of all from which it is picked."""
        return self._targets.filters

    def grant_send(self, role: iam.Role, *, id: str = TAGGED) -> None:
        """Let `role` send commands to any of those from which it is picked.

        Args:
            role: The role of who sends.
            id: The id below `role` of the policy, if there is one. Default: the same for all targets.
        """
        self._targets.grant_send(role, id=id)


class _TargetsByIds(Ec2Targets):
    def __init__(self, instance_ids: tuple[str, ...]) -> None:
        problems = Problems("Ec2Targets.by_ids")
        problems.check(
            0 < len(instance_ids) <= MOST_IDS,
            "instance_ids",
            f"{len(instance_ids)} ids",
            "1 to 50 instance ids",
            "use Ec2Targets.by_tag for more",
        )
        for instance_id in instance_ids:
            problems.check(
                matches(INSTANCE_ID, instance_id),
                "instance_ids",
                instance_id,
                "i- and 8 or 17 hexadecimal digits",
                "copy the id from the EC2 console",
            )
        problems.raise_if_any()
        self._instance_ids = list(dict.fromkeys(instance_ids))

    @property
    def description(self) -> str:
        return ", ".join(self._instance_ids)

    @property
    def filters(self) -> list[dict[str, Any]]:
        return [{"Key": "InstanceIds", "Values": self._instance_ids}]

    def grant_send(self, role: iam.Role, *, id: str = TAGGED) -> None:  # noqa: ARG002 - a statement of the role's own
        role.add_to_policy(
            iam.PolicyStatement(
                sid="SendToTheseInstances",
                actions=["ssm:SendCommand"],
                resources=[arn_beside(role, "ec2", f"instance/{instance_id}") for instance_id in self._instance_ids],
            )
        )


def _plain(text: object, most: int) -> bool:
    return isinstance(text, str) and 0 < len(text) <= most and not any(special in text for special in SPECIAL)
