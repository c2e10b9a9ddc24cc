"""Python functions as Lambda runs them."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tests.local.ministack.stacks import ACCOUNT, REGION, WRITE_LOGS, allow, deploy, function, invoke, role
from tests.local.trust.behaviours import FUNCTION_LOGS, TRUST_OF_FUNCTIONS

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.server import DeployedStack, Server

CODE = """
import os, sys, time

print("loaded")
calls = 0

class Flaky(Exception):
    pass

def handler(event, context):
    global calls
    calls += 1
    what = (event or {}).get("do")
    if what == "environment":
        return dict(os.environ)
    if what == "context":
        return [context.invoked_function_arn, context.function_name, context.memory_limit_in_mb, context.log_group_name,
                context.get_remaining_time_in_millis()]
    if what == "fail":
        raise Flaky("on purpose")
    if what == "exit":
        sys.stdout.flush(); os._exit(3)
    if what == "sleep":
        time.sleep(event["seconds"])
    if what == "text":
        return "123"
    if what == "import":
        __import__(event["module"])
    if what == "print":
        print("x" * event["length"]); print("the end")
    if what == "identity":
        import boto3
        return boto3.client("sts").get_caller_identity()["Arn"]
    return {"calls": calls, "event": event}
"""
LAMBDA_VARIABLES = {
    # https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
    "_HANDLER", "AWS_EXECUTION_ENV", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_LOG_FORMAT", "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
    "TZ", "LANG", "PATH", "PYTHONPATH",
}  # fmt: skip
LOCAL_VARIABLES = {"AWS_ENDPOINT_URL", "FROM_THE_CLOUD", "TMPDIR", "PYTHONUNBUFFERED", "LC_CTYPE"}


@pytest.fixture(scope="module")
def stack(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    own = {"Environment": {"Variables": {"OWN": "1", "AWS_ENDPOINT_URL": "http://aws.example", "PATH": "/evil"}}}
    resources = {
        "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/functions/shared"}},
        "Role": role("lambda", allow(["logs:CreateLogStream", "logs:PutLogEvents"], {"Fn::GetAtt": ["Logs", "Arn"]})),
        "Function": function(CODE, "Role", LoggingConfig={"LogGroup": {"Ref": "Logs"}}, MemorySize=256, **own),
        "Slow": function(CODE, "Role", LoggingConfig={"LogGroup": {"Ref": "Logs"}}, Timeout=1),
        "Broken": function("import nothing_like_this", "Role", LoggingConfig={"LogGroup": {"Ref": "Logs"}}),
        "Mute": role("lambda"),
        "Unheard": function(CODE, "Mute"),
        "Groupless": role("lambda", allow(["logs:CreateLogStream", "logs:PutLogEvents"])),
        "WithoutAGroup": function(CODE, "Groupless"),
        "LogsToItsOwnGroup": role("lambda", WRITE_LOGS),
        "Plain": function(CODE, "LogsToItsOwnGroup"),
    }
    return deploy(server, tmp_path_factory.mktemp("functions"), "Functions", resources)


@pytest.fixture(scope="module")
def name(stack: DeployedStack) -> str:
    return stack.resource("Function")


def lines_of(server: Server, group: str) -> list[str]:
    return [line.message for line in server.function_logs() if line.group == group]


def test_the_environment_is_lambdas_and_the_functions_and_nothing_else(server: Server, name: str):
    environment = invoke(server, name, {"do": "environment"})["payload"]
    assert set(environment) - LOCAL_VARIABLES - {"OWN"} == LAMBDA_VARIABLES
    assert environment["OWN"] == "1"
    assert environment["FROM_THE_CLOUD"] == "yes"
    assert environment["AWS_ENDPOINT_URL"] == server.endpoint_url, "a function must not reach AWS itself"
    assert "/evil" not in environment["PATH"], "reserved variables are Lambda's"
    assert environment["AWS_ACCESS_KEY_ID"].startswith("ASIA")
    assert environment["AWS_ACCESS_KEY_ID"] != server.access_key_id


@TRUST_OF_FUNCTIONS.allow()
def test_the_credentials_are_those_of_the_functions_role(server: Server, stack: DeployedStack, name: str):
    identity = invoke(server, name, {"do": "identity"})["payload"]
    assert identity == f"arn:aws:sts::{ACCOUNT}:assumed-role/{stack.resource('Role')}/{name}"


def test_the_context(server: Server, name: str):
    arn, function_name, memory, group, remaining = invoke(server, name, {"do": "context"})["payload"]
    assert (arn, function_name) == (f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}", name)
    assert (memory, group) == ("256", "/functions/shared")
    assert 5_000 < remaining <= 10_000


def test_a_warm_environment_is_used_again(server: Server, name: str):
    first = invoke(server, name)["payload"]["calls"]
    assert invoke(server, name)["payload"]["calls"] == first + 1


def test_concurrent_invocations_have_environments_of_their_own(server: Server, stack: DeployedStack):
    server.client("lambda")
    with ThreadPoolExecutor(3) as threads:
        event = {"do": "sleep", "seconds": 0.4}
        answers = list(threads.map(lambda _: invoke(server, stack.resource("Plain"), event), range(3)))
    assert [answer["payload"]["calls"] for answer in answers] == [1, 1, 1]


def test_an_exception_keeps_its_type(server: Server, name: str):
    answer = invoke(server, name, {"do": "fail"})
    assert answer["error"] == "Unhandled"
    assert (answer["payload"]["errorType"], answer["payload"]["errorMessage"]) == ("Flaky", "on purpose")


def test_a_returned_text_stays_a_text(server: Server, name: str):
    assert invoke(server, name, {"do": "text"})["payload"] == "123"


def test_a_timeout_is_reported_as_lambda_does_and_the_next_call_works(server: Server, stack: DeployedStack):
    slow = stack.resource("Slow")
    payload = invoke(server, slow, {"do": "sleep", "seconds": 30})["payload"]
    assert payload["errorType"] == "Sandbox.Timedout"
    assert payload["errorMessage"].endswith("Task timed out after 1.00 seconds")
    assert invoke(server, slow)["payload"]["calls"] == 1, "a new environment"


def test_a_process_that_ends_is_reported(server: Server, stack: DeployedStack):
    payload = invoke(server, stack.resource("Slow"), {"do": "exit"})["payload"]
    assert payload["errorType"] == "Runtime.ExitError"
    assert payload["errorMessage"].endswith("Runtime exited with error: exit status 3")


def test_a_handler_that_cannot_be_imported_is_reported(server: Server, stack: DeployedStack):
    payload = invoke(server, stack.resource("Broken"))["payload"]
    assert payload["errorType"] == "Runtime.ImportModuleError"
    assert "nothing_like_this" in payload["errorMessage"]


@pytest.mark.parametrize("module", ["chatops_local", "chatops_runtime", "aws_cdk", "pytest", "ministack"])
def test_packages_of_this_machine_are_not_there(server: Server, name: str, module: str):
    payload = invoke(server, name, {"do": "import", "module": module})["payload"]
    assert payload["errorType"] == "ModuleNotFoundError"


@pytest.mark.parametrize("module", ["boto3", "botocore", "urllib3", "dateutil", "awslambdaric"])
def test_packages_of_the_lambda_runtime_are_there(server: Server, name: str, module: str):
    assert invoke(server, name, {"do": "import", "module": module})["error"] is None


def test_every_line_is_in_the_configured_log_group_as_soon_as_the_call_returns(server: Server, name: str):
    invoke(server, name, {"do": "print", "length": 200_000})
    lines = lines_of(server, "/functions/shared")
    assert "the end" in lines
    assert "loaded" in lines
    assert any(line.startswith("REPORT RequestId: ") for line in lines)
    assert max(len(line) for line in lines) >= 200_000


@FUNCTION_LOGS.allow("logs:CreateLogGroup")
def test_without_a_configured_group_lambda_makes_one(server: Server, stack: DeployedStack):
    invoke(server, stack.resource("Plain"), {"do": "fail"})
    lines = lines_of(server, f"/aws/lambda/{stack.resource('Plain')}")
    assert any(line.startswith("[ERROR] Flaky: on purpose") for line in lines)


@FUNCTION_LOGS.deny("logs:CreateLogGroup")
def test_a_role_without_the_right_to_make_the_group_writes_none(server: Server, stack: DeployedStack):
    assert invoke(server, stack.resource("WithoutAGroup"))["error"] is None
    assert not lines_of(server, f"/aws/lambda/{stack.resource('WithoutAGroup')}")


@FUNCTION_LOGS.deny()
def test_a_role_without_the_right_to_write_logs_writes_none(server: Server, stack: DeployedStack):
    assert invoke(server, stack.resource("Unheard"))["error"] is None
    assert not lines_of(server, f"/aws/lambda/{stack.resource('Unheard')}")
    assert "log lines are lost: User: arn:aws:sts::" in server.emulator_log()


def zipped(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return buffer.getvalue()


def with_layer(version: int) -> dict[str, Any]:
    layer = {
        "Type": "AWS::Lambda::LayerVersion",
        "Properties": {"Content": {"S3Bucket": "layers", "S3Key": f"{version}.zip"}, "Description": str(version)},
    }
    code = "from greeting import WORD\nfrom deep import DEPTH\ndef handler(event, context): return [WORD, DEPTH]"
    return {
        "Role": role("lambda", WRITE_LOGS),
        "Layer": layer,
        "Function": function(code, "Role", Layers=[{"Ref": "Layer"}]),
    }


def test_layers_are_on_the_path_and_a_replaced_layer_takes_effect(server: Server, tmp_path: Path):
    s3 = server.client("s3")
    s3.create_bucket(Bucket="layers")
    for version in (1, 2):
        # https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html
        files = {
            "python/greeting.py": f"WORD = 'hello {version}'",
            "python/lib/python3.13/site-packages/deep.py": "DEPTH = 4",
        }
        s3.put_object(Bucket="layers", Key=f"{version}.zip", Body=zipped(files))
        stack = deploy(server, tmp_path, "Layered", with_layer(version))
        assert invoke(server, stack.resource("Function"))["payload"] == [f"hello {version}", 4]


def test_changed_code_takes_effect_at_once(server: Server, tmp_path: Path):
    for version in (1, 2):
        code = f"def handler(event, context): return {version}"
        resources = {"Role": role("lambda", WRITE_LOGS), "Function": function(code, "Role")}
        stack = deploy(server, tmp_path, "Changing", resources)
        assert invoke(server, stack.resource("Function"))["payload"] == version


def test_a_qualifier_is_in_the_invoked_arn(server: Server, tmp_path: Path):
    code = "def handler(event, context): return [context.invoked_function_arn, context.function_version]"
    resources = {
        "Role": role("lambda", WRITE_LOGS),
        "Function": function(code, "Role"),
        "Version": {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": {"Ref": "Function"}}},
        "Alias": {
            "Type": "AWS::Lambda::Alias",
            "Properties": {
                "FunctionName": {"Ref": "Function"},
                "FunctionVersion": {"Fn::GetAtt": ["Version", "Version"]},
                "Name": "live",
            },
        },
    }
    name = deploy(server, tmp_path, "Versioned", resources).resource("Function")
    arn, version = invoke(server, name, Qualifier="live")["payload"]
    assert (arn, version) == (f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}:live", "1")


def test_the_tail_of_the_log_comes_with_the_answer_on_request(server: Server, name: str):
    answer = server.client("lambda").invoke(
        FunctionName=name, LogType="Tail", Payload=json.dumps({"do": "print", "length": 1})
    )
    assert "the end" in base64.b64decode(answer["LogResult"]).decode().splitlines()
