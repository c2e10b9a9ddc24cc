"""What MiniStack does without our corrections with functions that nobody waits for, stacks, schedules and metrics.

When one of these tests fails, MiniStack has changed and the correction that it names may go.
"""

from __future__ import annotations

import json
import threading
import time
from importlib import import_module
from typing import Any

import pytest

FUNCTION = {"FunctionName": "f", "FunctionArn": "arn:aws:lambda:us-east-1:000000000000:function:f"}
FAILED = {"error": True, "body": {"errorType": "KeyError", "errorMessage": "'kind'"}, "log": ""}


@pytest.fixture
def lambda_svc() -> Any:
    return import_module("ministack.services.lambda_svc")


@pytest.fixture
def cloudwatch() -> Any:
    return import_module("ministack.services.cloudwatch")


def test_retries_of_functions_wait_for_seconds_that_are_not_scaled(lambda_svc: Any):
    """Lambda waits for one minute and for two; corrected in functions/asynchronous.py."""
    assert lambda_svc._LAMBDA_ASYNC_RETRY_BASE_SECONDS == 1


def test_a_function_that_a_rule_invokes_is_not_tried_again(lambda_svc: Any, monkeypatch: pytest.MonkeyPatch):
    """Corrected in functions/asynchronous.py."""
    ran: list[threading.Thread] = []

    def execute(_function: Any, _event: Any) -> dict[str, Any]:
        ran.append(threading.current_thread())
        return FAILED

    monkeypatch.setattr(lambda_svc, "_get_func_record_for_ref", lambda _arn: ({"config": FUNCTION}, FUNCTION, "f"))
    monkeypatch.setattr(lambda_svc, "_execute_function_with_config_scope", execute)
    import_module("ministack.services.eventbridge")._dispatch_to_lambda(FUNCTION["FunctionArn"], "{}")
    deadline = time.monotonic() + 5
    while not ran and time.monotonic() < deadline:
        time.sleep(0.01)
    ran[0].join(5)
    assert len(ran) == 1


def test_a_stack_tells_rules_nothing(monkeypatch: pytest.MonkeyPatch):
    """Corrected in cloudformation/stack_events.py."""
    put: list[Any] = []
    monkeypatch.setattr("ministack.services.eventbridge._put_events", lambda *given, **_: put.append(given))
    stacks = import_module("ministack.services.cloudformation.stacks")
    stacks._add_event("stock", "Stock", "Stock", "AWS::CloudFormation::Stack", "CREATE_COMPLETE")
    try:
        assert put == []
    finally:
        del import_module("ministack.services.cloudformation")._stack_events["stock"]


def test_a_schedule_is_not_found_from_another_region():
    """Corrected in scheduler/schedules.py, for the controller, which is at home."""
    scheduler = import_module("ministack.services.scheduler")
    with import_module("ministack.core.responses").request_scope("000000000000", "eu-west-1"):
        scheduler._schedules["default/stock"] = {"Name": "stock"}
    try:
        assert "default/stock" not in scheduler._schedules
    finally:
        scheduler._schedules.pop_scoped("000000000000", "eu-west-1", "default/stock")


def test_a_line_of_a_log_is_no_metric(cloudwatch: Any):
    """Corrected in functions/embedded_metrics.py."""
    logs = import_module("ministack.services.cloudwatch_logs")
    definition = {"Namespace": "StockLine", "Dimensions": [[]], "Metrics": [{"Name": "On"}]}
    line = {"_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [definition]}, "On": 1}
    logs._create_log_group({"logGroupName": "stock"})
    try:
        logs._create_log_stream({"logGroupName": "stock", "logStreamName": "s"})
        event = {"timestamp": int(time.time() * 1000), "message": json.dumps(line)}
        logs._put_log_events({"logGroupName": "stock", "logStreamName": "s", "logEvents": [event]})
        assert not [key for key in cloudwatch._metrics if key[0] == "StockLine"]
    finally:
        logs._delete_log_group({"logGroupName": "stock"})


def test_metrics_of_simulated_time_are_thrown_away(cloudwatch: Any):
    """Corrected in functions/embedded_metrics.py."""
    last_month = time.time() - 30 * 86_400
    cloudwatch._store_datum("StockTime", "On", {}, last_month, "None", 1, None, None, None)
    cloudwatch._evict_old_metrics()
    assert not [key for key in cloudwatch._metrics if key[0] == "StockTime"]
