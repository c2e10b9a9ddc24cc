"""Redeeming the token with which a state waits.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Mapping

_SPENT = frozenset({"TaskTimedOut", "TaskDoesNotExist"})


class Tokens:
    """Task tokens of the endpoint's commands."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 - boto3's clients have no type
        """With boto3's Step Functions client."""
        self._client = client

    def redeem(self, token: str, answer: Mapping[str, Any]) -> bool:
        """End the wait with `answer`; False if somebody was faster, or its time has passed."""
        try:
            self._client.send_task_success(taskToken=token, output=json.dumps(answer))
        except ClientError as error:
            if error.response["Error"]["Code"] in _SPENT:
                return False
            raise
        return True
