"""Custom::CDKBucketDeployment, what ``aws_s3_deployment.BucketDeployment`` makes: local files in a bucket.

Its function runs the AWS CLI from a layer, for Amazon Linux. Here the archive is unpacked into the bucket in its stead,
as far as its role may: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_s3_deployment-readme.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from chatops_local.ministack.cdk.provider_role import check
from chatops_local.ministack.cdk.site_files import content_type, files_of
from chatops_local.ministack.permissions.authorization import Access
from chatops_local.ministack.private import private

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_resource_handlers = private("services.cloudformation.provisioners:_RESOURCE_HANDLERS")
_buckets = private("services.s3:_buckets")
_object_data = private("services.s3:_get_object_data", "bucket_name, key, version_id")
_put_object = private("services.s3:_put_object", "bucket_name, key, body, headers")
_delete_object = private("services.s3:_delete_object", "bucket_name, key, headers, query_params")

TYPE = "Custom::CDKBucketDeployment"

_REFUSED = 400
_SYSTEM_METADATA = {
    # The CLI's option, and the header.
    "cache-control": "cache-control",
    "content-disposition": "content-disposition",
    "content-encoding": "content-encoding",
    "content-language": "content-language",
    "content-type": "content-type",
}


def apply() -> None:
    """Let templates have it."""
    _resource_handlers.get()[TYPE] = {"create": _create, "update": _update, "delete": _delete}


def _create(_logical_id: str, properties: Mapping[str, Any], _stack_name: str) -> tuple[str, dict[str, Any]]:
    return f"aws.cdk.s3deployment.{uuid4()}", _deploy(properties)


def _update(
    physical_id: str, old: Mapping[str, Any], new: Mapping[str, Any], _stack_name: str
) -> tuple[str, dict[str, Any]]:
    if not _flag(old, "RetainOnDelete", default=True) and _destination(old) != _destination(new):
        _empty(old)
    return physical_id, _deploy(new)


def _delete(_physical_id: str, properties: Mapping[str, Any]) -> None:
    if not _flag(properties, "RetainOnDelete", default=True):
        _empty(properties)


def _deploy(properties: Mapping[str, Any]) -> dict[str, Any]:
    check(properties, _accesses(properties))
    bucket, prefix = _destination(properties)
    files: dict[str, bytes] = {}
    for source in _sources(properties):
        files.update({prefix + name: content for name, content in source.items()})
    for key, content in files.items():
        status, _, body = _put_object.get()(bucket, key, content, _headers(key, properties))
        if status >= _REFUSED:
            raise ValueError(f"{key} was not put into {bucket}: {body.decode(errors='replace')}")
    if _flag(properties, "Prune", default=True):
        _remove(bucket, [key for key in _keys(bucket, prefix) if key not in files])
    return {
        "DestinationBucketArn": f"arn:aws:s3:::{bucket}",
        "SourceObjectKeys": list(properties["SourceObjectKeys"]),
    }


def _accesses(properties: Mapping[str, Any]) -> list[Access]:
    """What ``aws s3 cp`` and ``aws s3 sync --delete`` take."""
    bucket, prefix = _destination(properties)
    objects = f"arn:aws:s3:::{bucket}/{prefix}*"
    sources = zip(properties["SourceBucketNames"], properties["SourceObjectKeys"], strict=True)
    accesses = [Access("s3:GetObject", f"arn:aws:s3:::{source}/{key}") for source, key in sources]
    accesses += [Access("s3:ListBucket", f"arn:aws:s3:::{bucket}"), Access("s3:PutObject", objects)]
    if _flag(properties, "Prune", default=True):
        accesses.append(Access("s3:DeleteObject", objects))
    if properties.get("DistributionId"):
        accesses.append(Access("cloudfront:CreateInvalidation", "*"))
    return accesses


def _sources(properties: Mapping[str, Any]) -> Iterable[dict[str, bytes]]:
    buckets, keys = properties["SourceBucketNames"], properties["SourceObjectKeys"]
    markers = properties.get("SourceMarkers") or [{}] * len(keys)
    for bucket, key, marks in zip(buckets, keys, markers, strict=True):
        archive = _object_data.get()(bucket, key)
        if archive is None:
            raise ValueError(f"the source {key} is not in the bucket {bucket}")
        yield files_of(archive, marks)


def _headers(key: str, properties: Mapping[str, Any]) -> dict[str, str]:
    system = properties.get("SystemMetadata") or {}
    headers = {header: system[option] for option, header in _SYSTEM_METADATA.items() if option in system}
    own = {f"x-amz-meta-{name}": value for name, value in (properties.get("UserMetadata") or {}).items()}
    return {"content-type": content_type(key), **headers, **own}


def _destination(properties: Mapping[str, Any]) -> tuple[str, str]:
    prefix = str(properties.get("DestinationBucketKeyPrefix") or "").strip("/")
    return str(properties["DestinationBucketName"]), f"{prefix}/" if prefix else ""


def _empty(properties: Mapping[str, Any]) -> None:
    bucket, prefix = _destination(properties)
    _remove(bucket, _keys(bucket, prefix))


def _keys(bucket: str, prefix: str) -> list[str]:
    found = _buckets.get().get(bucket)
    return [] if found is None else [key for key in found["objects"] if key.startswith(prefix)]


def _remove(bucket: str, keys: Iterable[str]) -> None:
    for key in keys:
        _delete_object.get()(bucket, key)


def _flag(properties: Mapping[str, Any], name: str, *, default: bool) -> bool:
    return str(properties.get(name, default)).lower() == "true"
