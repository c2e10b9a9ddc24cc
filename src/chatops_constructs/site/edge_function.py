"""CloudFront Functions as this library has them: one JavaScript file each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import aws_cloudfront as cloudfront

if TYPE_CHECKING:
    from constructs import Construct

FOLDER = Path(__file__).parent / "functions"


def edge_function(scope: Construct, id: str, *, file: str, comment: str) -> cloudfront.Function:
    """The CloudFront Function whose code is in the folder `functions`.

    Args:
        scope: The parent.
        id: The id in `scope`.
        file: The file's name without `.js`.
        comment: What it does, shown in the console.
    """
    code = (FOLDER / f"{file}.js").read_text(encoding="utf-8")
    return cloudfront.Function(
        scope,
        id,
        code=cloudfront.FunctionCode.from_inline(code),
        runtime=cloudfront.FunctionRuntime.JS_2_0,
        comment=comment,
    )
