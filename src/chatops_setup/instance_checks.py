"""Whether commands reach the instances that they are aimed at, and what each instance lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_setup.finding import Finding, ok, problem, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_setup.instances import Agent, SeenInstance, SeenTarget

CHECK = "instances"

WIDE_POLICY = "AmazonSSMManagedInstanceCore"
"""AWS's own. It works, and lets an instance read every parameter."""


def judged(seen: SeenTarget, policy: str | None) -> Iterator[Finding]:
    """What is found of one target.

    Args:
        seen: What it means now.
        policy: The ARN of the stack's policy for instance profiles; None if the stack has none.
    """
    yield from (error.finding(CHECK) for error in seen.denied)
    if not seen.denied:
        yield from _missing(seen)
    for instance in seen.instances:
        yield _of_instance(instance, policy)
    agents = [each.agent for each in seen.instances]
    if agents and not any(agent is not None and agent.is_online for agent in agents):
        yield problem(
            CHECK,
            f"of {seen.target.description} none is online: commands fail",
            "see each of them above",
        )


def _missing(seen: SeenTarget) -> Iterator[Finding]:
    known = {each.id for each in seen.instances}
    for id in seen.target.ids:
        if id not in known:
            yield problem(
                CHECK,
                f"there is no instance {id}",
                "is it in this region and account, and not terminated? Else change the ids in the stack",
            )
    if seen.target.tags and not known:
        tags = " ".join(f"Key={key},Value={values[0]}" for key, values in seen.target.tags)
        yield problem(
            CHECK,
            f"no instance carries the tag {seen.target.description}",
            f"tag them: aws ec2 create-tags --resources i-… --tags {tags}",
        )


def _of_instance(instance: SeenInstance, policy: str | None) -> Finding:
    shown = instance.shown
    if instance.state not in ("running", None):
        return warning(CHECK, f"{shown} is {instance.state}: commands leave it out", "start it if it should take part")
    agent = instance.agent
    if agent is not None and agent.is_online:
        return _of_online(instance, agent, policy)
    return _of_offline(instance, agent, policy)


def _of_online(instance: SeenInstance, agent: Agent, policy: str | None) -> Finding:
    shown = f"{instance.shown} is online, agent {agent.version}"
    profile = instance.profile
    if profile is None or profile.policies is None or policy is None:
        return ok(CHECK, shown + (f", profile {profile.name}" if profile else ""))
    if any(each.endswith(f"/{WIDE_POLICY}") for each in profile.policies):
        return warning(
            CHECK,
            f"{shown}; the role {profile.role} has {WIDE_POLICY}, with which it can read every parameter, Slack's "
            "secrets among them",
            f"{_attach(profile.role, policy)}, and detach {WIDE_POLICY}",
        )
    if policy not in profile.policies:
        return warning(
            CHECK,
            f"{shown}; the role {profile.role} does not have the stack's policy, so whole outputs may not be logged",
            _attach(profile.role, policy),
        )
    return ok(CHECK, f"{shown}, profile {profile.name}, and its role {profile.role} has the stack's policy")


def _of_offline(instance: SeenInstance, agent: Agent | None, policy: str | None) -> Finding:
    shown = instance.shown
    profile = instance.profile
    if instance.state is not None and profile is None:
        return problem(
            CHECK,
            f"{shown} has no instance profile, so Systems Manager does not reach it",
            "give it a profile whose role has the stack's policy" + (f", {policy}" if policy else ""),
        )
    if profile is not None and profile.role is None:
        return problem(CHECK, f"{shown}: its profile {profile.name} has no role", "put a role into it")
    if (
        profile is not None
        and profile.policies is not None
        and policy is not None
        and not _may_talk(profile.policies, policy)
    ):
        return problem(
            CHECK,
            f"{shown} is not online: its role {profile.role} does not have the stack's policy",
            f"{_attach(profile.role, policy)}; the agent notices within half an hour, or when it is started again",
        )
    if agent is None:
        return problem(
            CHECK,
            f"{shown}: no SSM agent has ever come from it",
            "is the agent installed and running, and is there a way to Systems Manager (internet or VPC endpoints ssm, "
            "ssmmessages, ec2messages)?",
        )
    since = f" since {agent.last_ping:%Y-%m-%d %H:%M %Z}".rstrip() if agent.last_ping else ""
    return problem(
        CHECK,
        f"{shown} is not online: its agent {agent.version} is {agent.ping_status}{since}",
        "is the agent running (`systemctl status amazon-ssm-agent`), and is there still a way to Systems Manager?",
    )


def _may_talk(policies: frozenset[str], policy: str) -> bool:
    return policy in policies or any(each.endswith(f"/{WIDE_POLICY}") for each in policies)


def _attach(role: str | None, policy: str) -> str:
    return f"aws iam attach-role-policy --role-name {role} --policy-arn {policy}"
