"""Publishes the file assets of a stack, as ``cdk-assets`` does."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from chatops_local.server import buckets

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from chatops_local.server.assembly import FileAsset

_EARLIEST_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def publish(s3: Any, assets: Iterable[FileAsset]) -> None:  # noqa: ANN401 - a boto3 client
    """Put the assets into their buckets; a bucket that is missing is made, as a bootstrap would have.

    Assets are named by their content, so one that is there already is left alone.
    """
    provided: set[str] = set()
    for asset in assets:
        if asset.bucket not in provided:
            buckets.provide(s3, asset.bucket)
            provided.add(asset.bucket)
        if not _is_published(s3, asset):
            s3.put_object(Bucket=asset.bucket, Key=asset.key, Body=_content(asset))


def _is_published(s3: Any, asset: FileAsset) -> bool:  # noqa: ANN401 - a boto3 client
    listed = s3.list_objects_v2(Bucket=asset.bucket, Prefix=asset.key, MaxKeys=1)
    return any(found["Key"] == asset.key for found in listed.get("Contents", []))


def _content(asset: FileAsset) -> bytes:
    return zipped(asset.path) if asset.packaging == "zip" else asset.path.read_bytes()


def zipped(directory: Path) -> bytes:
    """A directory as a zip archive that depends on the files alone."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(directory.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(directory).as_posix(), _EARLIEST_ZIP_TIME)
                entry.external_attr = (path.stat().st_mode & 0xFFFF) << 16
                archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
