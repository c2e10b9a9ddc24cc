"""What the operations of CodePipeline need to be allowed.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodepipeline.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.ministack.permissions.authorization import Access

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chatops_local.ministack.permissions.place import Place


def _on_pipeline(operation: str, parameter: str) -> Callable[[Mapping[str, Any], Place], list[Access]]:
    return lambda request, place: [
        Access(f"codepipeline:{operation}", place.arn("codepipeline", str(request[parameter])))
    ]


def _put_approval_result(request: Mapping[str, Any], place: Place) -> list[Access]:
    """Of the action, whose ARN has the stage and the action behind the pipeline's name."""
    path = "/".join(str(request[name]) for name in ("PipelineName", "StageName", "ActionName"))
    return [Access("codepipeline:PutApprovalResult", place.arn("codepipeline", path))]


RULES: dict[str, Callable[[Mapping[str, Any], Place], list[Access]]] = {
    "GetPipelineState": _on_pipeline("GetPipelineState", "Name"),
    "ListActionExecutions": _on_pipeline("ListActionExecutions", "PipelineName"),
    "PutApprovalResult": _put_approval_result,
}
