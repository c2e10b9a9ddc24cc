"""Links into the AWS console: of the partition that an ARN is of, and none where that is unknown."""

from __future__ import annotations

import re
from urllib.parse import quote

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html names the partitions. The consoles:
# https://docs.amazonaws.cn/en_us/aws/latest/userguide/introduction.html,
# https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/getting-started-sign-in.html
_CONSOLES = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}
_ARN = re.compile(
    r"arn:(?P<partition>[a-z-]+):(?P<service>[a-z]+):(?P<region>[a-z]{2}(?:-[a-z]+)+-\d+):\d{12}:(?P<resource>.+)",
    re.ASCII | re.DOTALL,
)

LONGEST = 1_000
"""A longer link is none: it would take the room of what it leads to."""


def alarm(arn: str) -> str | None:
    """The page of a CloudWatch alarm."""
    match = _ARN.fullmatch(arn)
    if match is None or match["service"] != "cloudwatch" or not match["resource"].startswith("alarm:"):
        return None
    name = quote(match["resource"].removeprefix("alarm:"), safe="")
    return _page(match, f"cloudwatch/home?region={match['region']}#alarmsV2:alarm/{name}")


def execution(arn: str) -> str | None:
    """The page of an execution of a Step Functions state machine."""
    match = _ARN.fullmatch(arn)
    if match is None or match["service"] != "states" or not match["resource"].startswith("execution:"):
        return None
    page = f"states/home?region={match['region']}#/v2/executions/details/{quote(arn, safe=':')}"
    return _page(match, page)


def pipeline_execution(arn: str, execution: str) -> str | None:
    """The page of an execution of a pipeline of CodePipeline, by the pipeline's ARN and the execution's id."""
    match = _ARN.fullmatch(arn)
    if match is None or match["service"] != "codepipeline":
        return None
    name, id = quote(match["resource"], safe=""), quote(execution, safe="")
    page = f"codesuite/codepipeline/pipelines/{name}/executions/{id}/timeline?region={match['region']}"
    return _page(match, page)


def _page(arn: re.Match[str], page: str) -> str | None:
    console = _CONSOLES.get(arn["partition"])
    url = f"https://{console}/{page}"
    return url if console is not None and len(url) <= LONGEST else None
