"""https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.ministack.state_machines.error_names import exception_name
from tests.local.ministack.stacks import allow, arn, deploy, machine, role, run

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.server import Server


@pytest.mark.parametrize(
    ("service", "code", "name"),
    [
        # Modelled errors have the name of the SDK's exception class.
        ("ssm", "InvocationDoesNotExist", "Ssm.InvocationDoesNotExistException"),
        ("ssm", "ParameterNotFound", "Ssm.ParameterNotFoundException"),
        ("ssm", "InvalidInstanceId", "Ssm.InvalidInstanceIdException"),
        ("ssm", "AccessDeniedException", "Ssm.AccessDeniedException"),
        ("sfn", "ExecutionAlreadyExists", "Sfn.ExecutionAlreadyExistsException"),
        ("dynamodb", "ConditionalCheckFailedException", "DynamoDb.ConditionalCheckFailedException"),
        ("dynamodb", "com.amazonaws#ResourceNotFoundException", "DynamoDb.ResourceNotFoundException"),
        ("rds", "DBClusterNotFoundFault", "Rds.DbClusterNotFoundException"),
        # The rest have that of the service.
        ("ssm", "ThrottlingException", "Ssm.ThrottlingException"),
        ("ssm", "ValidationException", "Ssm.ValidationException"),
        ("ssm", "NotEmulated", "Ssm.SsmException"),
        ("sfn", "AccessDeniedException", "Sfn.SfnException"),
        ("ssm", "States.Runtime", "States.Runtime"),
    ],
)
def test_names(service: str, code: str, name: str):
    assert exception_name(service, code) == name


def test_a_task_reports_the_name_and_the_request(server: Server, tmp_path: Path):
    task: dict[str, Any] = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:ssm:getParameter",
        "Arguments": {"Name": "/none"},
        "End": True,
    }
    resources = {
        "Role": role("states", allow("ssm:GetParameter", arn("ssm", "parameter/none"))),
        "Machine": machine("Role", {"Get": task}),
    }
    described = run(server, deploy(server, tmp_path, "Errors", resources).resource("Machine"))
    assert described["error"] == "Ssm.ParameterNotFoundException"
    assert "(Service: Ssm, Status Code: 400, Request ID: " in described["cause"]
