"""What the operations of Systems Manager need to be allowed.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.ministack.permissions.authorization import Access

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chatops_local.ministack.permissions.place import Place, TaggedInstance

_AWS_OWNED = ("AWS-", "AWSEC2-", "AWSFleetManager-")


def document_arn(name: str, place: Place) -> str:
    """The ARN of a document. Those of AWS belong to no account."""
    if name.startswith("arn:"):
        return name
    account = "" if name.startswith(_AWS_OWNED) else place.account
    return f"arn:aws:ssm:{place.region}:{account}:document/{name}"


def parameter_arn(name: str, place: Place) -> str:
    """The ARN of a parameter, in which the slash that begins a path is not doubled."""
    if name.startswith("arn:"):
        return name
    bare = name.partition(":")[0]  # a version or a label may follow
    return place.arn("ssm", f"parameter/{bare.lstrip('/')}")


def instance_access(instance: TaggedInstance, place: Place) -> Access:
    """The right to send a command to one instance."""
    tags = {f"ssm:resourceTag/{key}": value for key, value in instance.tags.items()}
    return Access("ssm:SendCommand", _instance_arn(instance.instance_id, place), tags)


def _instance_arn(instance_id: str, place: Place) -> str:
    if instance_id.startswith("mi-"):
        return place.arn("ssm", f"managed-instance/{instance_id}")
    return place.arn("ec2", f"instance/{instance_id}")


def _send_command(request: Mapping[str, Any], place: Place) -> list[Access]:
    """The document, and every instance with its tags.

    https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command-setting-up.html
    """
    document = Access("ssm:SendCommand", document_arn(str(request["DocumentName"]), place))
    instances = place.directory.targets_of(request)
    if instances:
        return [document, *(instance_access(instance, place) for instance in instances)]
    return [document, _nobody(request, place)]


def _nobody(request: Mapping[str, Any], place: Place) -> Access:
    """When no instance has the tags: the right to send to any that had them."""
    tags = {
        f"ssm:resourceTag/{target['Key'][len('tag:') :]}": target["Values"][0]
        for target in request.get("Targets", [])
        if target["Key"].startswith("tag:")
    }
    named = [*request.get("InstanceIds", ()), "*"]
    return Access("ssm:SendCommand", _instance_arn(named[0], place), tags)


def _on_document(action: str) -> Callable[[Mapping[str, Any], Place], list[Access]]:
    return lambda request, place: [Access(action, document_arn(str(request["Name"]), place))]


def _on_everything(action: str) -> Callable[[Mapping[str, Any], Place], list[Access]]:
    return lambda _request, _place: [Access(action, "*")]


def _on_parameters(
    action: str, names: Callable[[Mapping[str, Any]], list[str]]
) -> Callable[[Mapping[str, Any], Place], list[Access]]:
    def rule(request: Mapping[str, Any], place: Place) -> list[Access]:
        accesses = [Access(action, parameter_arn(name, place)) for name in names(request)]
        if request.get("WithDecryption"):
            accesses += [access for name in names(request) for access in _decryption(name, place)]
        return accesses

    return rule


def _decryption(name: str, place: Place) -> list[Access]:
    """Of a SecureString under the customer's own key; AWS's key for Systems Manager needs no permission.

    https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
    """
    key = place.directory.key_of(name)
    if key is None:
        return []
    return [Access("kms:Decrypt", key, {"kms:EncryptionContext:PARAMETER_ARN": parameter_arn(name, place)})]


def _describe_parameters(_request: Mapping[str, Any], place: Place) -> list[Access]:
    """Whatever filter: it is granted on all resources, and denials name all parameters."""
    return [Access("ssm:DescribeParameters", place.arn("ssm", "*"))]


RULES: dict[str, Callable[[Mapping[str, Any], Place], list[Access]]] = {
    "SendCommand": _send_command,
    **{
        operation: _on_everything(f"ssm:{operation}")
        for operation in (
            "CancelCommand",
            "DescribeInstanceInformation",
            "GetCommandInvocation",
            "ListCommandInvocations",
            "ListCommands",
        )
    },
    "DescribeDocument": _on_document("ssm:DescribeDocument"),
    "GetDocument": _on_document("ssm:GetDocument"),
    "DescribeParameters": _describe_parameters,
    "GetParameter": _on_parameters("ssm:GetParameter", lambda request: [str(request["Name"])]),
    "GetParameterHistory": _on_parameters("ssm:GetParameterHistory", lambda request: [str(request["Name"])]),
    "GetParameters": _on_parameters("ssm:GetParameters", lambda request: list(request["Names"])),
    "GetParametersByPath": _on_parameters("ssm:GetParametersByPath", lambda request: [str(request["Path"])]),
    "PutParameter": _on_parameters("ssm:PutParameter", lambda request: [str(request["Name"])]),
}
