"""Custom::S3AutoDeleteObjects, what ``auto_delete_objects`` makes: the bucket is emptied before it goes.

https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_s3.Bucket.html#autodeleteobjects
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import private

if TYPE_CHECKING:
    from collections.abc import Mapping

_resource_handlers = private("services.cloudformation.provisioners:_RESOURCE_HANDLERS")
_buckets = private("services.s3:_buckets")
_object_versions = private("services.s3:_object_versions")

TYPE = "Custom::S3AutoDeleteObjects"


def apply() -> None:
    """Let templates have it."""
    _resource_handlers.get()[TYPE] = {"create": _create, "update": _update, "delete": _delete}


def _create(logical_id: str, properties: Mapping[str, Any], _stack_name: str) -> tuple[str, dict[str, str]]:
    return f"{logical_id}-{properties['BucketName']}", {}


def _update(physical_id: str, _old: object, _new: Mapping[str, Any], _stack_name: str) -> tuple[str, dict[str, str]]:
    return physical_id, {}


def _delete(_physical_id: str, properties: Mapping[str, Any]) -> None:
    name = str(properties["BucketName"])
    bucket = _buckets.get().get(name)
    if bucket is not None:
        bucket["objects"].clear()
    for key in [key for key in _object_versions.get() if key[0] == name]:
        _object_versions.get().pop(key, None)
