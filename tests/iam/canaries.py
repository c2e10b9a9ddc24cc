"""Calls that every role of an example has to be denied, asked of the same judge that stands before the calls."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_local.server.callers import Question
from tests.iam.statements import as_list, atoms_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.iam.laboratory import Laboratory
    from tests.iam.statements import Atom

NEVER = {
    "dynamodb": ("DeleteTable", "UpdateTable", "Scan", "PutResourcePolicy"),
    "ec2": ("TerminateInstances", "StopInstances", "RunInstances"),
    "execute-api": ("ManageConnections", "InvalidateCache"),
    "kms": ("ScheduleKeyDeletion", "DisableKey", "PutKeyPolicy", "CreateGrant"),
    "lambda": ("DeleteFunction", "UpdateFunctionCode", "UpdateFunctionConfiguration", "AddPermission"),
    "logs": ("DeleteLogGroup", "DeleteLogStream", "PutRetentionPolicy", "DeleteRetentionPolicy"),
    "s3": ("DeleteBucket", "PutBucketPolicy", "PutObject", "DeleteObject"),
    "sns": ("DeleteTopic", "SetTopicAttributes", "Subscribe", "AddPermission"),
    "sqs": ("DeleteQueue", "PurgeQueue", "SetQueueAttributes", "AddPermission"),
    "ssm": ("UpdateDocument", "DeleteDocument", "PutParameter", "DeleteParameter", "ModifyDocumentPermission"),
    "states": ("UpdateStateMachine", "DeleteStateMachine", "StopExecution"),
    "wafv2": ("DeleteIPSet", "DeleteWebACL", "UpdateWebACL", "UpdateRuleGroup"),
}
"""By service: what nobody may do with what they may use."""

_MEANT = {"states:StopExecution": re.compile(r".*(DecisionsDecide|CommandsRestoreMachine)Role")}
"""What some roles are there for all the same, by their logical ids: a command that is cancelled is stopped."""

_OF_ANYBODY = ("iam:PassRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "sts:AssumeRole")
_AUDIT = ("DeleteLogGroup", "DeleteLogStream", "PutRetentionPolicy", "DeleteRetentionPolicy")
_ANOTHER = "another"
# A name, and what belongs to it, such as log streams and objects.
_NAME_AND_REST = re.compile(r"^(.*?[^*])([:/]\*)?$")
# All names that begin alike, such as those of a stack's state machines.
_BEGINNING = re.compile(r"([^:/*]+)\*$")
_OTHER_ACCOUNT = "999999999999"


@dataclass(frozen=True)
class Canary:
    """A question and what has to be answered.

    Args:
        about: what it is about.
        question: what is asked.
        is_denied: whether that has to be denied. Without any that is allowed, denials would say nothing.
    """

    about: str
    question: Question
    is_denied: bool = True


def sung(laboratory: Laboratory, *, ignoring: tuple[str, ...]) -> tuple[int, list[str]]:
    """How many canaries there are, and what is wrong with some.

    Args:
        laboratory: the app.
        ignoring: the beginnings of logical ids of roles that are not ours.
    """
    found, problems = 0, []
    for stack in laboratory.stacks.values():
        audit_logs = [name for id, name in stack.physical_ids.items() if "AuditLog" in id and "Stream" not in id]
        for logical_id, resource in stack.template["Resources"].items():
            if resource["Type"] != "AWS::IAM::Role" or logical_id.startswith(ignoring):
                continue
            role = stack.physical_ids[logical_id]
            canaries = [
                canary
                for atom in _atoms(laboratory, role)
                for canary in (_itself(atom), *_beside(atom), *_beyond(atom, logical_id[:-8]))
            ]
            canaries += _of_anybody(laboratory, role, stack.region, audit_logs)
            answers = laboratory.cloud.server.denials(role, [one.question for one in canaries], stack.region)
            found += len(canaries)
            problems += [
                f"{stack.name}/{logical_id} {'may' if denial is None else 'may not'} do {one.question.action} on "
                f"{one.question.resource}: {one.about}"
                for one, denial in zip(canaries, answers, strict=True)
                if (denial is None) == one.is_denied
            ]
    return found, problems


def _atoms(laboratory: Laboratory, role: str) -> Iterator[Atom]:
    """What the role may do, as it is deployed."""
    for document in _documents(laboratory.cloud.server.client("iam"), role):
        for statement in as_list(document["Statement"]):
            if statement["Effect"] == "Allow":
                yield from atoms_of(statement)


def _documents(iam: Any, role: str) -> Iterator[Mapping[str, Any]]:
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        yield iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    for attached in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        arn = attached["PolicyArn"]
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
        yield json.loads(document) if isinstance(document, str) else document


def _itself(atom: Atom) -> Canary:
    """What the role has it for."""
    resource = atom.resource.replace("*", _ANOTHER)
    return Canary("what it needs", Question(atom.action, resource, _context(atom)), is_denied=False)


def _beside(atom: Atom) -> Iterator[Canary]:
    """The same action on the neighbour, in another account, under another condition."""
    if atom.resource == "*":
        return
    context = _context(atom)
    neighbour = _neighbour(atom.resource)
    if "*" not in neighbour[:-1]:
        yield Canary("the neighbour", Question(atom.action, neighbour.replace("*", _ANOTHER), context))
    here = atom.resource.replace("*", _ANOTHER)
    account = here.split(":")[4] if here.count(":") >= 4 else ""
    if account:
        elsewhere = here.replace(f":{account}:", f":{_OTHER_ACCOUNT}:")
        yield Canary("another account's", Question(atom.action, elsewhere, context))
    for key in context:
        other = {**context, key: _ANOTHER}
        yield Canary(f"another {key}", Question(atom.action, here, other))
        without = {name: value for name, value in context.items() if name != key}
        if not _is_for_all_values(atom):
            yield Canary(f"no {key}", Question(atom.action, here, without))


def _neighbour(resource: str) -> str:
    """What the name of something else is, whether the resource is one name or all that begin alike."""
    if _BEGINNING.search(resource):
        return _BEGINNING.sub(rf"{_ANOTHER}-\1{_ANOTHER}", resource)
    return _NAME_AND_REST.sub(rf"\1-{_ANOTHER}\2", resource)


def _beyond(atom: Atom, role: str) -> Iterator[Canary]:
    """What would take away what the role may use, or give it to others."""
    service = atom.action.partition(":")[0]
    for action in (f"{service}:{name}" for name in NEVER.get(service, ())):
        is_meant = action in _MEANT and _MEANT[action].fullmatch(role) is not None
        if action != atom.action and not is_meant:
            resource = atom.resource.replace("*", _ANOTHER)
            yield Canary("what it uses itself", Question(action, resource, _context(atom)))


def _of_anybody(laboratory: Laboratory, role: str, region: str, audit_logs: list[str]) -> list[Canary]:
    account = laboratory.cloud.server.account
    own = f"arn:aws:iam::{account}:role/{role}"
    canaries = [Canary("nobody may", Question(action, own)) for action in _OF_ANYBODY]
    for name in audit_logs:
        for end in ("*", "log-stream:commands"):
            arn = f"arn:aws:logs:{region}:{account}:log-group:{name}:{end}"
            canaries += [Canary("the audit log", Question(f"logs:{action}", arn)) for action in _AUDIT]
    return canaries


def _context(atom: Atom) -> dict[str, str]:
    """What the conditions of a statement ask for. Only where they compare patterns is `*` anything but itself."""
    return {
        key: str(as_list(value)[0]).replace("*", _ANOTHER if "Like" in operator or "Arn" in operator else "*")
        for operator, keys in atom.statement.get("Condition", {}).items()
        for key, value in keys.items()
    }


def _is_for_all_values(atom: Atom) -> bool:
    """With `ForAllValues`, what has no value at all is let through; the requests that matter always have one."""
    return any(operator.startswith("ForAllValues") for operator in atom.statement.get("Condition", {}))
