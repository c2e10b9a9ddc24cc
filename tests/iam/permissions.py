"""Every permission that a template gives, as small as it can be taken away alone; and a template without one."""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.iam.statements import Atom, as_list, atoms_of
from tests.iam.texts import name_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Template = dict[str, Any]

_HASH_LENGTH = 8

DOCUMENTS = {
    "AWS::IAM::Policy": "PolicyDocument",
    "AWS::IAM::ManagedPolicy": "PolicyDocument",
    "AWS::S3::BucketPolicy": "PolicyDocument",
    "AWS::SQS::QueuePolicy": "PolicyDocument",
    "AWS::SNS::TopicPolicy": "PolicyDocument",
    "AWS::KMS::Key": "KeyPolicy",
}
"""Where resources have the one policy that this reads."""

AWS_MANAGED = "a policy that AWS has written"
"""Stands for the actions of a managed policy of AWS's, which may change any day."""

_FUNCTION_PERMISSION = "AWS::Lambda::Permission"
_ROLE = "AWS::IAM::Role"
_TRUST = "AssumeRolePolicyDocument"
_NEVER = {"StringEquals": {"aws:SourceAccount": "000000000000"}}
"""A policy has to have a statement; with this condition it allows nothing."""


@dataclass(frozen=True, order=True)
class Permission:
    """One action that one policy allows on one thing, where a statement names several kinds of items on one kind."""

    stack: str
    policy: str
    """The logical id of the policy."""
    action: str
    resource: str
    """What is reached, with logical ids for what the stack makes."""
    kind: str = ""
    """The value of the condition that one statement has several of, such as a leading key."""
    number: int = 0
    """Which one it is, if a policy says the same in several statements, under different conditions."""

    @property
    def label(self) -> str:
        """What people call it."""
        of = f" of {self.kind}" if self.kind else ""
        return f"{self.stack}: {self.policy[:-_HASH_LENGTH]} {self.action} on {self.resource}{of}"


def permissions_in(stack: str, template: Template) -> list[Permission]:
    """All permissions of a template, in its order."""
    return [permission for permission, _ in atoms_in(stack, template)]


def atoms_in(stack: str, template: Template) -> list[tuple[Permission, Atom]]:
    """All permissions of a template, each with the statement that gives it and nothing else."""
    found = []
    seen: Counter[tuple[str, ...]] = Counter()
    for logical_id, statement in _statements(template):
        for atom in atoms_of(statement):
            what = (logical_id, atom.action, text_of(atom.resource), atom.kind)
            found.append((Permission(stack, *what, number=seen[what]), atom))
            seen[what] += 1
    return found


def without(template: Template, stack: str, taken: Permission) -> Template:
    """A template that lacks one permission.

    Raises:
        LookupError: it does not have it.
    """
    edited = copy.deepcopy(template)
    resource = edited["Resources"].get(taken.policy)
    if taken not in permissions_in(stack, template) or resource is None:
        raise LookupError(f"{taken.label} is not in the template")
    if resource["Type"] == _FUNCTION_PERMISSION:
        _remove(edited, taken.policy)
        return edited
    seen = 0
    for document in documents_of(resource):
        left: list[dict[str, Any]] = []
        for statement in as_list(document["Statement"]):
            kept = []
            for atom in atoms_of(statement):
                same = (atom.action, text_of(atom.resource), atom.kind) == (taken.action, taken.resource, taken.kind)
                if not (same and seen == taken.number):
                    kept.append(atom.statement)
                seen += same
            left += [statement] if len(kept) == len(list(atoms_of(statement))) else kept
        document["Statement"] = left or [{**as_list(document["Statement"])[0], "Condition": _NEVER}]
    return edited


def documents_of(resource: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The policy documents of a resource; not whom a role trusts.

    Raises:
        NotImplementedError: the resource has a policy that this would overlook.
    """
    properties = resource.get("Properties", {})
    if resource["Type"] == _ROLE:
        return [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
    known = DOCUMENTS.get(resource["Type"])
    overlooked = [
        name
        for name, value in properties.items()
        if name not in (known, _TRUST) and isinstance(value, dict) and "Statement" in value
    ]
    if overlooked or ("Policy" in resource["Type"] and "PolicyDocument" in properties and not known):
        raise NotImplementedError(f"a policy of {resource['Type']} is not read here: {overlooked or 'PolicyDocument'}")
    return [properties[known]] if known else []


def _statements(template: Template) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each statement that allows something, with the logical id of what has it."""
    for logical_id, resource in template["Resources"].items():
        for statement in (*_written_out(resource), *_statements_of(resource)):
            if statement["Effect"] == "Allow":
                yield logical_id, statement


def _statements_of(resource: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [statement for document in documents_of(resource) for statement in as_list(document["Statement"])]


def _written_out(resource: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a resource permits without a document: who may invoke a function, and policies that AWS has written."""
    properties = resource.get("Properties", {})
    if resource["Type"] == _FUNCTION_PERMISSION:
        return [{"Effect": "Allow", "Action": properties["Action"], "Resource": properties["FunctionName"]}]
    attached = properties.get("ManagedPolicyArns", []) if resource["Type"] == _ROLE else []
    return [{"Effect": "Allow", "Action": AWS_MANAGED, "Resource": arn} for arn in attached if not name_of(arn)]


def _remove(template: Template, logical_id: str) -> None:
    del template["Resources"][logical_id]
    for resource in template["Resources"].values():
        if logical_id in as_list(resource.get("DependsOn", [])):
            resource["DependsOn"] = [one for one in as_list(resource["DependsOn"]) if one != logical_id]
