"""Links into the console, of the right partition."""

import pytest

from chatops_runtime.console import LONGEST, alarm, execution


@pytest.mark.parametrize(
    ("partition", "region", "console"),
    [
        ("aws", "eu-central-1", "console.aws.amazon.com"),
        ("aws-cn", "cn-north-1", "console.amazonaws.cn"),
        ("aws-us-gov", "us-gov-west-1", "console.amazonaws-us-gov.com"),
    ],
)
def test_each_partition_has_its_own(partition, region, console):
    arn = f"arn:{partition}:states:{region}:123456789012:execution:Ops-Nightly:2026"
    assert execution(arn) == f"https://{console}/states/home?region={region}#/v2/executions/details/{arn}"
    arn = f"arn:{partition}:cloudwatch:{region}:123456789012:alarm:disk of db/1"
    assert alarm(arn) == f"https://{console}/cloudwatch/home?region={region}#alarmsV2:alarm/disk%20of%20db%2F1"


@pytest.mark.parametrize(
    "arn",
    [
        "",
        "None",
        "arn:aws-iso-b:states:us-isob-east-1:123456789012:execution:Ops:1",
        "arn:aws:states:us-east-1:123456789012:stateMachine:Ops",
        "arn:aws:sns:us-east-1:123456789012:topic",
        "arn:aws:states:evil.example.com/:123456789012:execution:Ops:1",
        "arn:aws:states:us-east-1:123456789012:execution:" + "a" * LONGEST,
    ],
)
def test_no_link_to_what_is_not_known(arn):
    assert execution(arn) is None
    assert alarm(arn) is None


def test_nothing_in_a_name_ends_the_link():
    url = alarm("arn:aws:cloudwatch:us-east-1:123456789012:alarm:a|b>c")
    assert url is not None
    assert url.endswith("alarm/a%7Cb%3Ec")
