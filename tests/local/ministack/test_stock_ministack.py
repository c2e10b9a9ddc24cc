"""Why the corrections are there: what MiniStack does without them. In this process nothing is corrected.

When one of these tests fails, MiniStack has changed and the correction that it names may go.
"""

from __future__ import annotations

import inspect
import json
from importlib import import_module
from typing import Any

import pytest


@pytest.fixture(scope="module")
def stepfunctions() -> Any:
    return import_module("ministack.services.stepfunctions")


@pytest.fixture(scope="module")
def iam_actions() -> Any:
    return import_module("ministack.core.iam_actions")


@pytest.mark.parametrize("access_key_id", ["", "test", "123456789012"])
def test_root_credentials_are_known_to_everybody(access_key_id: str):
    assert import_module("ministack.core.iam_evaluator").is_root_access_key(access_key_id)


def test_an_api_shows_the_error_of_a_handler():
    failed = {"error": True, "body": {"errorMessage": "a secret of the handler"}}
    response, _ = import_module("ministack.services.lambda_svc").lambda_execute_result_to_api_proxy_response(failed)
    assert "a secret of the handler" in response["body"]


def resource_of(iam_actions: Any, target: str, request: dict[str, Any]) -> str:
    service = "ssm" if target.startswith("AmazonSSM") else "states"
    arguments: tuple[Any, ...] = (
        "POST",
        "/",
        {"x-amz-target": target},
        json.dumps(request).encode(),
        {},
        "us-east-1",
        "123456789012",
    )
    arn: str = iam_actions.extract_resource_arn(service, *arguments)
    return arn


def test_resources_of_commands_and_tokens_are_not_known(iam_actions: Any):
    assert resource_of(iam_actions, "AmazonSSM.SendCommand", {"DocumentName": "d", "InstanceIds": ["i-1"]}) == "*"
    assert resource_of(iam_actions, "AmazonSSM.GetParameters", {"Names": ["/a"]}) == "*"
    assert resource_of(iam_actions, "AWSStepFunctions.SendTaskSuccess", {"taskToken": "t"}) == "*"


def test_everything_is_caught_by_states_all(stepfunctions: Any):
    assert stepfunctions._error_matches(["States.ALL"], "States.DataLimitExceeded")
    assert stepfunctions._error_matches(["States.ALL"], "States.Runtime")


def test_errors_have_the_code_and_not_the_name_of_the_exception(stepfunctions: Any):
    assert stepfunctions._prefix_sdk_error("ssm", "InvocationDoesNotExist") == "Ssm.InvocationDoesNotExist"


def test_an_assign_sees_what_it_assigns_itself(stepfunctions: Any):
    context = {"QueryLanguage": "JSONata", "variables": {"x": 1, "y": 2}}
    stepfunctions._apply_state_assign({"Assign": {"x": "{% $y %}", "y": "{% $x %}"}}, {}, context)
    assert context["variables"] == {"x": 2, "y": 2}, "AWS swaps them"


def test_a_branch_may_assign_to_variables_outside(stepfunctions: Any):
    branch = {"StartAt": "P", "States": {"P": {"Type": "Pass", "Assign": {"x": 2}, "End": True}}}
    context = {"QueryLanguage": "JSONata", "variables": {"x": 1}}
    stepfunctions._run_parallel_branches({"Branches": [branch], "End": True}, {}, None, context)
    assert context["variables"] == {"x": 2}, "AWS refuses it"


def test_a_machine_has_a_revision_from_the_beginning(stepfunctions: Any):
    arn = "arn:aws:states:us-east-1:000000000000:stateMachine:stock"
    role = "arn:aws:iam::000000000000:role/stock"
    stepfunctions._create_state_machine({"name": "stock", "roleArn": role, "definition": '{"States": {}}'})
    try:
        _, _, body = stepfunctions._describe_state_machine({"stateMachineArn": arn})
        assert json.loads(body)["revisionId"], "AWS has none until the first update"
    finally:
        stepfunctions._delete_state_machine({"stateMachineArn": arn})


def test_a_child_is_called_as_if_it_were_express(stepfunctions: Any):
    source = inspect.getsource(stepfunctions._invoke_nested_start_execution_sync)
    assert "_start_sync_execution(request)" in source, "AWS starts an execution and follows it"


def test_a_parallel_state_has_no_output_of_its_own(stepfunctions: Any):
    branch = {"StartAt": "P", "States": {"P": {"Type": "Pass", "Output": "{% $states.input.a %}", "End": True}}}
    state = {"Type": "Parallel", "Branches": [branch], "Output": "{% $count($states.result) %}", "End": True}
    output, _ = stepfunctions._run_parallel_branches(state, {"a": 5}, None, {"QueryLanguage": "JSONata"})
    assert output == [5], "AWS gives 1"


def test_a_task_is_run_without_asking_for_its_role(stepfunctions: Any):
    with pytest.raises(stepfunctions._ExecutionError, match="Function not found"):
        stepfunctions._invoke_resource("arn:aws:states:::lambda:invoke", {"FunctionName": "none"})


def test_there_are_no_documents_in_templates():
    provisioners = import_module("ministack.services.cloudformation.provisioners")
    assert "AWS::SSM::Document" not in provisioners._RESOURCE_HANDLERS


@pytest.fixture
def topic() -> Any:
    sns = import_module("ministack.services.sns")
    sns._create_topic({"Name": ["stock"]})
    arn = "arn:aws:sns:us-east-1:000000000000:stock"
    yield arn
    sns._delete_topic({"TopicArn": [arn]})


def test_a_subject_may_be_anything(topic: str):
    assert import_module("ministack.services.sns").publish_internal(topic, "m", "two\nlines")


def test_attributes_of_a_task_are_not_seen():
    given = {"MessageAttributes": {"kind": {"DataType": "String", "StringValue": "x"}}}
    assert import_module("ministack.services.sns")._parse_message_attributes(given) == {}


def test_there_is_no_redrive_of_dead_letters():
    assert "StartMessageMoveTask" not in import_module("ministack.services.sqs")._HANDLERS


def test_a_deleted_message_takes_the_list_with_it():
    sqs = import_module("ministack.services.sqs")
    url = sqs._act_create_queue({"QueueName": "stock"}, "")["QueueUrl"]
    try:
        before = sqs._queues[url]["messages"]
        sqs._act_send_message({"QueueUrl": url, "MessageBody": "m"}, "")
        (message,) = sqs._collect_msgs(sqs._queues[url], 1, 30)
        sqs._act_delete_message({"QueueUrl": url, "ReceiptHandle": message["receipt_handle"]}, "")
        assert sqs._queues[url]["messages"] is not before, "what another thread appends to the old list is lost"
    finally:
        sqs._act_delete_queue({"QueueUrl": url}, "")


def test_calls_do_not_count_as_secure():
    evaluator = import_module("ministack.core.iam_evaluator")
    assert not evaluator.EvalContext("arn", "Service", "", "sqs:SendMessage", "*", "us-east-1").secure_transport


def test_an_alarm_looks_at_the_metric_of_everybody():
    cloudwatch = import_module("ministack.services.cloudwatch")
    cloudwatch.record_metric("Stock", "m", 5, dimensions={"Of": "another"})
    alarm = {
        "AlarmName": "stock",
        "Namespace": "Stock",
        "MetricName": "m",
        "Dimensions": [{"Name": "Of", "Value": "one"}],
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanThreshold",
        "StateValue": "OK",
    }
    cloudwatch._evaluate_alarm(alarm)
    assert alarm["StateValue"] == "ALARM"


def test_a_batch_takes_a_permission_that_aws_does_not_have(iam_actions: Any):
    target = {"x-amz-target": "AmazonSQS.SendMessageBatch"}
    assert iam_actions.extract_iam_action("sqs", "POST", "/", target, b"", {}) == "sqs:SendMessageBatch"


def test_leading_keys_are_not_known(iam_actions: Any):
    request = json.dumps({"TableName": "t", "Key": {"id": {"S": "1"}}}).encode()
    assert "dynamodb:LeadingKeys" not in iam_actions.dynamodb_service_context(request)


@pytest.fixture
def stock_ip_set() -> Any:
    waf = import_module("ministack.services.waf")
    request = {"Name": "stock", "Scope": "REGIONAL", "IPAddressVersion": "IPV4", "Addresses": ["no address"]}
    status, _, body = waf._create_ip_set(request)
    assert status == 200, "an address that is none is refused"
    named = {"Name": "stock", "Scope": "REGIONAL", "Id": json.loads(body)["Summary"]["Id"]}
    yield waf, named
    waf._delete_ip_set(named)


def test_an_ip_set_takes_anything_and_asks_for_no_token(stock_ip_set: Any):
    waf, named = stock_ip_set
    status, _, _ = waf._update_ip_set({**named, "Addresses": ["::/0"], "LockToken": "stale"})
    assert status == 200


def test_there_are_no_ip_sets_in_templates():
    provisioners = import_module("ministack.services.cloudformation.provisioners")
    assert "AWS::WAFv2::IPSet" not in provisioners._RESOURCE_HANDLERS


def test_state_machines_do_not_know_aws_waf(stepfunctions: Any):
    assert "wafv2" not in stepfunctions._AWS_SDK_SERVICE_MAP


def test_cloudfront_does_not_read_over_tls():
    s3 = import_module("ministack.services.s3")
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": insecure}
    may = {"Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"}, "Action": "s3:*", "Resource": "*"}
    s3._buckets["stock"] = {"objects": {}}
    s3._bucket_policies["stock"] = json.dumps({"Version": "2012-10-17", "Statement": [may, deny]})
    try:
        distribution = "arn:aws:cloudfront::000000000000:distribution/E1"
        assert not s3._cloudfront_origin_allows("000000000000", "stock", "k", distribution, "")
    finally:
        del s3._buckets["stock"], s3._bucket_policies["stock"]


def test_a_condition_on_the_principal_compares_the_session():
    evaluator = import_module("ministack.core.iam_evaluator")
    session = "arn:aws:sts::123456789012:assumed-role/ops/session"
    context = evaluator.EvalContext(
        principal_arn=session,
        principal_type="AssumedRole",
        principal_account="123456789012",
        action="sts:AssumeRole",
        resource_arn="*",
        region="us-east-1",
    )
    assert evaluator._resolve_condition_key("aws:PrincipalArn", context) == session
