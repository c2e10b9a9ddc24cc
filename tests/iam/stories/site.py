"""What viewers of a site get."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.iam.apps import Story

if TYPE_CHECKING:
    from tests.iam.laboratory import Laboratory

# Of nobody: https://datatracker.ietf.org/doc/html/rfc5737
_VIEWER = "198.51.100.9"


def seen(path: str, *, status: int = 200) -> Story:
    """Somebody looks at a page of a site."""

    def tell(laboratory: Laboratory) -> None:
        assert _status(laboratory, path) == status

    return Story(f"somebody looks at {path}", tell)


def seen_when_there(bucket: str, path: str) -> Story:
    """Somebody looks at a page of a site that is in its bucket, which has nothing else."""

    def tell(laboratory: Laboratory) -> None:
        name = laboratory.id(bucket)
        laboratory.client_of(name, "s3").put_object(Bucket=name, Key=path.lstrip("/"), Body=b"here")
        assert _status(laboratory, path) == 200

    return Story(f"somebody looks at {path}", tell)


def _status(laboratory: Laboratory, path: str) -> int:
    (distribution,) = [
        id for one in laboratory.stacks.values() for id in one.resources("AWS::CloudFront::Distribution")
    ]
    host = laboratory.cloud.server.client("cloudfront").get_distribution(Id=distribution)["Distribution"]["DomainName"]
    return laboratory.cloud.server.edge.get(host, path, viewer=_VIEWER).status
