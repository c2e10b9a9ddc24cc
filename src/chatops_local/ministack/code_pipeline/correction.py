"""Adds CodePipeline to MiniStack, which has none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.code_pipeline import resources
from chatops_local.ministack.code_pipeline.errors import CodePipelineError
from chatops_local.ministack.code_pipeline.service import CodePipeline
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.emulator import Emulator

_SERVICE_HANDLERS = private("app:SERVICE_HANDLERS")
_SERVICE_PATTERNS = private("core.router:SERVICE_PATTERNS")
_SERVICE_TO_IAM_NAMESPACE = private("core.iam_actions:SERVICE_TO_IAM_NAMESPACE")
_get_region = private("core.responses:get_region", "")
_json_response = private("core.responses:json_response", "data, status, content_type")
_error_response = private(
    "core.responses:error_response_json", "code, message, status, extra, message_key, content_type"
)

NAME = "codepipeline"
TARGET = "CodePipeline_20150709"


def apply(emulator: Emulator) -> None:
    """Answer calls of it, and let the controller say how far a pipeline is."""
    service = CodePipeline(emulator.account)
    resources.apply(service)
    _SERVICE_PATTERNS.get()[NAME] = {"target_prefixes": [TARGET], "credential_scope": NAME}
    _SERVICE_TO_IAM_NAMESPACE.get()[NAME] = NAME
    _SERVICE_HANDLERS.get()[NAME] = _answering(service)
    emulator.calls.update(
        pipeline_register=service.register,
        pipeline_run=lambda name, region, source: service.pipeline(name, region).run(source),
        pipeline_run_to=lambda name, region, **where: service.pipeline(name, region).run_to(**where),
        pipeline_run_to_failure=lambda name, region, **where: service.pipeline(name, region).run_to_failure(**where),
        pipeline_go_on=lambda name, region, execution: service.pipeline(name, region).go_on(execution),
    )


def _answering(service: CodePipeline) -> Untyped:
    async def handle_request(
        _method: str, _path: str, headers: Mapping[str, str], body: bytes, _query_params: object
    ) -> Untyped:
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        request: dict[str, Any] = json.loads(body or b"{}")
        try:
            return _json_response.get()(service.call(operation, request, _get_region.get()()))
        except CodePipelineError as error:
            return _error_response.get()(error.code, error.message, 400)

    return handle_request
