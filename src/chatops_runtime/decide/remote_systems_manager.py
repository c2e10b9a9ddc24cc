"""Systems Manager of another account or region, through the function that makes a command's calls there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chatops_runtime.log_line import LoggableError

if TYPE_CHECKING:
    from collections.abc import Iterator


class RemoteCallError(LoggableError):
    """The function did not make the call. Its text is AWS's own, about ids and roles."""


class RemoteSystemsManager:
    """As much of boto3's client as ending commands takes."""

    def __init__(self, client: Any, function_name: str) -> None:  # noqa: ANN401 - boto3's clients have no type
        """Through a function of `chatops_runtime.remote_calls`.

        Args:
            client: boto3's Lambda client.
            function_name: The function.
        """
        self._client = client
        self._function_name = function_name

    def commands(self, filters: list[dict[str, str]]) -> Iterator[dict[str, Any]]:
        """Each command that the filters of ListCommands let through."""
        more: dict[str, str] = {}
        while True:
            page = self._call("listCommands", Filters=filters, **more)
            yield from page["Commands"]
            if not page.get("NextToken"):
                return
            more = {"NextToken": page["NextToken"]}

    def cancel(self, command_id: str) -> None:
        """Cancel a command."""
        self._call("cancelCommand", CommandId=command_id)

    def _call(self, operation: str, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
        event = json.dumps({"operation": operation, "arguments": arguments})
        answer = self._client.invoke(FunctionName=self._function_name, Payload=event.encode())
        payload: dict[str, Any] = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise RemoteCallError(f"{operation}: {payload.get('errorType')}: {payload.get('errorMessage')}")
        return payload
