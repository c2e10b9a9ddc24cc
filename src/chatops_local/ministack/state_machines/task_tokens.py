"""Task tokens as long as AWS's may be, and whose they are."""

from __future__ import annotations

import base64
import os
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private
from chatops_local.ministack.state_machines.running import running

if TYPE_CHECKING:
    from collections.abc import Mapping

_execute_task = private("services.stepfunctions:_execute_task", "state_def, raw_input, execution, ctx")
_invoke_with_callback = private(
    "services.stepfunctions:_invoke_with_callback", "resource, input_data, token, state_def"
)
_call_lambda = private("services.stepfunctions:_call_lambda", "func_ref, event")
_new_uuid = private("services.stepfunctions:new_uuid", "")
_waiting = private("services.stepfunctions:_task_tokens")
_ExecutionError = private("services.stepfunctions:_ExecutionError", "error, cause")

TOKEN_LENGTH = 2048
"""https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html"""

_token_is_next: ContextVar[bool] = ContextVar("chatops_local_token_is_next", default=False)
_token_of_call: ContextVar[str | None] = ContextVar("chatops_local_token_of_call", default=None)


class TaskTokens:
    """Knows which state machine waits for a token."""

    def __init__(self) -> None:
        """Start without tokens."""
        self._state_machines: dict[str, str] = {}

    def state_machine_of(self, token: str) -> str | None:
        """The state machine whose execution got the token; None for a token that was never given."""
        return self._state_machines.get(token)

    def apply(self) -> None:
        """Make long tokens, remember them, and fail a task whose function fails."""
        _execute_task.wrap(_announcing_tokens)
        _new_uuid.wrap(_making_tokens)
        _invoke_with_callback.wrap(self._remembering)
        _call_lambda.wrap(_failing_the_task)

    def _remembering(self, original: Untyped) -> Untyped:
        def invoke_with_callback(
            resource: str, input_data: object, token: str, state_def: Mapping[str, Any]
        ) -> Untyped:
            execution = running()
            if execution is not None:
                self._state_machines[token] = execution.state_machine
            reset = _token_of_call.set(token)
            try:
                return original(resource, input_data, token, state_def)
            finally:
                _token_of_call.reset(reset)

        return invoke_with_callback


def _announcing_tokens(original: Untyped) -> Untyped:
    def execute_task(state_def: Mapping[str, Any], raw_input: object, execution: object, ctx: object) -> Untyped:
        # The first id that the state asks for is the token.
        _token_is_next.set(".waitForTaskToken" in state_def.get("Resource", ""))
        return original(state_def, raw_input, execution, ctx)

    return execute_task


def _making_tokens(original: Untyped) -> Untyped:
    def new_uuid() -> str:
        if not _token_is_next.get():
            made: str = original()
            return made
        _token_is_next.set(False)
        return base64.b64encode(os.urandom(TOKEN_LENGTH * 3 // 4)).decode()

    return new_uuid


def _failing_the_task(original: Untyped) -> Untyped:
    """A function that fails fails the task; MiniStack would wait for a token that nobody has."""

    def call_lambda(func_ref: str, event: object) -> Untyped:
        token = _token_of_call.get()
        try:
            return original(func_ref, event)
        except _ExecutionError.get() as error:
            waiting = _waiting.get().get(token) if token else None
            if waiting is not None:
                waiting["error"] = {"Error": error.error, "Cause": error.cause}
                waiting["event"].set()
            raise

    return call_lambda
