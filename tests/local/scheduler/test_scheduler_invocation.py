"""What a target gets, and when it is given up."""

import json
from datetime import datetime, timezone

import pytest

from chatops_local.scheduler import ContextAttributes, RetryPolicy
from chatops_local.scheduler.retry_policy import MAXIMUM_EVENT_AGE, MAXIMUM_RETRY_ATTEMPTS

ARN = "arn:aws:scheduler:us-east-1:123456789012:schedule/default/nightly"


def attributes(attempt: int = 1) -> ContextAttributes:
    return ContextAttributes(ARN, datetime(2022, 3, 22, 18, 59, 43, tzinfo=timezone.utc), attempt)


class TestContextAttributes:
    """https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html"""

    def test_all_four_are_replaced_wherever_they_are(self):
        words = {
            "a": "<aws.scheduler.scheduled-time>",
            "b": "<aws.scheduler.schedule-arn>#<aws.scheduler.attempt-number>",
        }
        text = json.dumps(words)
        assert json.loads(attributes(3).fill_in(text)) == {"a": "2022-03-22T18:59:43Z", "b": f"{ARN}#3"}

    def test_the_execution_id_is_the_attempts_own(self):
        first, second = (each.fill_in("<aws.scheduler.execution-id>") for each in (attributes(1), attributes(2)))
        assert len(first) == 16
        assert first != second

    def test_another_word_stays(self):
        assert attributes().fill_in("<aws.scheduler.scheduled-times>") == "<aws.scheduler.scheduled-times>"

    def test_no_input(self):
        event = json.loads(attributes().default_input())
        assert event["detail-type"] == "Scheduled Event"
        assert (event["account"], event["region"], event["resources"]) == ("123456789012", "us-east-1", [ARN])
        assert event["time"] == "2022-03-22T18:59:43Z"


class TestRetryPolicy:
    """https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html"""

    def test_defaults(self):
        assert RetryPolicy.of({}) == RetryPolicy(185, 86_400)

    def test_no_retries(self):
        policy = RetryPolicy.of({"RetryPolicy": {"MaximumRetryAttempts": 0}})
        assert policy.exhausted_by(0) == MAXIMUM_RETRY_ATTEMPTS

    def test_after_so_many_retries(self):
        policy = RetryPolicy(retry_attempts=3)
        assert [policy.exhausted_by(retries) for retries in range(4)] == [None, None, None, MAXIMUM_RETRY_ATTEMPTS]

    def test_too_old(self):
        # A CloudFormation template may hold numbers as text.
        policy = RetryPolicy.of({"RetryPolicy": {"MaximumEventAgeInSeconds": "60"}})
        given_up = next(retries for retries in range(186) if policy.exhausted_by(retries))
        assert 0 < given_up < 10
        assert policy.exhausted_by(given_up) == MAXIMUM_EVENT_AGE

    @pytest.mark.parametrize(
        ("policy", "text"),
        [
            ({"MaximumRetryAttempts": 186}, "MaximumRetryAttempts 186: 0 to 185 is allowed"),
            ({"MaximumRetryAttempts": -1}, "MaximumRetryAttempts -1"),
            ({"MaximumEventAgeInSeconds": 59}, "MaximumEventAgeInSeconds 59: 60 to 86400 is allowed"),
            ({"MaximumEventAgeInSeconds": 86_401}, "MaximumEventAgeInSeconds 86401"),
        ],
    )
    def test_refused(self, policy, text):
        with pytest.raises(ValueError, match=text):
            RetryPolicy.of({"RetryPolicy": policy})
