"""What AWS demands of a role when a function or a state machine is created or updated with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.ministack.permissions.authorization import Access, Principal, first_denial
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


_resource_handlers = private("services.cloudformation.provisioners:_RESOURCE_HANDLERS")
_roles = private("services.iam:_roles")
_EvalContext = private("core.iam_evaluator:EvalContext")
_evaluate_resource_policy = private(
    "core.iam_evaluator:evaluate_resource_policy", "doc, ctx, service, named_only, direct_only"
)

LOG_DELIVERY = tuple(
    f"logs:{action}"
    for action in (
        "CreateLogDelivery",
        "GetLogDelivery",
        "UpdateLogDelivery",
        "DeleteLogDelivery",
        "ListLogDeliveries",
        "PutResourcePolicy",
        "DescribeResourcePolicies",
        "DescribeLogGroups",
    )
)
"""https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html"""

TRACING = tuple(
    f"xray:{action}" for action in ("PutTraceSegments", "PutTelemetryRecords", "GetSamplingRules", "GetSamplingTargets")
)
"""https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html"""

ENCRYPTION = ("kms:Decrypt", "kms:GenerateDataKey")
"""https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html"""


def apply() -> None:
    """Check roles while templates are deployed."""
    _check("AWS::Lambda::Function", lambda _id, properties: function_problem(properties))
    _check(
        "AWS::StepFunctions::StateMachine",
        lambda arn, properties: state_machine_problem(arn, properties, arn.split(":")[3]),
    )


def function_problem(properties: Mapping[str, Any]) -> str | None:
    """Why AWS would refuse the function's role."""
    if _trusts(properties["Role"], "lambda.amazonaws.com"):
        return None
    return "The role defined for the function cannot be assumed by Lambda."


def state_machine_problem(arn: str, properties: Mapping[str, Any], region: str) -> str | None:
    """Why AWS would refuse the state machine's role, or why it would work without what the template asks for."""
    role = properties["RoleArn"]
    # Against the confused deputy: https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
    if not _trusts(role, "states.amazonaws.com", {"aws:sourcearn": arn, "aws:sourceaccount": arn.split(":")[4]}):
        return (
            "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume "
            f"the provided role {role}."
        )
    principal = Principal(role, "creation", region)
    needed = [
        *_logging(properties.get("LoggingConfiguration") or {}),
        *_tracing(properties.get("TracingConfiguration") or {}),
        *_encryption(arn, properties, principal),
    ]
    return first_denial(principal, needed)


def _logging(configuration: Mapping[str, Any]) -> list[Access]:
    if configuration.get("Level", "OFF") == "OFF" or not configuration.get("Destinations"):
        return []
    return [Access(action, "*") for action in LOG_DELIVERY]


def _tracing(configuration: Mapping[str, Any]) -> list[Access]:
    enabled = str(configuration.get("Enabled", False)).lower() == "true"
    return [Access(action, "*") for action in TRACING] if enabled else []


def _encryption(arn: str, properties: Mapping[str, Any], principal: Principal) -> list[Access]:
    configuration = properties.get("EncryptionConfiguration") or {}
    key = configuration.get("KmsKeyId")
    if not key:
        return []
    executions = {"kms:EncryptionContext:aws:states:stateMachineArn": arn}
    accesses = [Access(action, key, executions) for action in ENCRYPTION]
    if _logging(properties.get("LoggingConfiguration") or {}):
        logs = {"kms:EncryptionContext:SourceArn": f"arn:aws:logs:{principal.region}:{principal.account}:*"}
        accesses.append(Access("kms:GenerateDataKey", key, logs))
    return accesses


def _trusts(role_arn: str, service: str, context: Mapping[str, str] | None = None) -> bool:
    role = _roles.get().get(role_arn.rpartition("/")[2])
    if role is None:
        return False
    request = _EvalContext.get()(
        principal_arn=service,
        principal_type="Service",
        principal_account=role_arn.split(":")[4],
        action="sts:AssumeRole",
        resource_arn="*",
        region="",
        service_context=dict(context or {}),
    )
    trust = role["AssumeRolePolicyDocument"]
    decision: str = _evaluate_resource_policy.get()(trust, request, service=service).decision
    return decision == "Allow"


def _check(resource_type: str, problem_of: Callable[[str, Mapping[str, Any]], str | None]) -> None:
    handlers = _resource_handlers.get()[resource_type]
    create, update, delete = handlers["create"], handlers["update"], handlers["delete"]

    def checked_create(logical_id: str, properties: Mapping[str, Any], stack_name: str) -> Untyped:
        physical_id, attributes = create(logical_id, properties, stack_name)
        problem = problem_of(physical_id, properties)
        if problem is not None:
            delete(physical_id, properties)
            raise ValueError(problem)
        return physical_id, attributes

    def checked_update(physical_id: str, old: object, new: Mapping[str, Any], *others: object) -> Untyped:
        problem = problem_of(physical_id, new)
        if problem is not None:
            raise ValueError(problem)
        return update(physical_id, old, new, *others)

    handlers["create"], handlers["update"] = checked_create, checked_update
