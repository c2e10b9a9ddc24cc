"""The switch that a deployment switches: nothing that runs, and a second deployment opens the site again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
import pytest

from chatops_constructs import DualStackSite, SiteKind, SwitchedBy, WafMaintenanceSwitch, WafScope
from chatops_local.server import Server
from tests.end_to_end.guarded.guarded_site import END_USERS, OFFICE, VIRGINIA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STACK = "ByDeployment"
# There is no file in the bucket: what is reached is S3, which says that there is none.
REACHED = 404


@pytest.fixture(scope="module")
def assemblies(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """The app's cdk.out, closed and open."""
    outputs = {}
    for enabled in (True, False):
        outputs[enabled] = tmp_path_factory.mktemp(f"{STACK}.{enabled}") / "cdk.out"
        app = cdk.App(outdir=str(outputs[enabled]), analytics_reporting=False)
        stack = cdk.Stack(app, STACK, env=cdk.Environment(region=VIRGINIA))
        maintenance = WafMaintenanceSwitch(
            stack,
            "Maintenance",
            waf_scope=WafScope.CLOUDFRONT,
            pass_through=["203.0.113.0/24", "2001:db8:0:7::/64"],
            switched_by=SwitchedBy.deploy(enabled=enabled),
        )
        site = DualStackSite(stack, "Site", kind=SiteKind.SPA, web_acl=maintenance.web_acl)
        cdk.CfnOutput(stack, "Url", value=site.url)
        app.synth()
    return outputs


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server.start() as started:
        yield started


def test_a_deployment_closes_it_and_the_next_one_opens_it(server: Server, assemblies: dict[bool, Path]):
    for enabled in (False, True, False):
        stack = server.deploy(assemblies[enabled])
        host = stack.outputs["Url"].removeprefix("https://")
        expected = 503 if enabled else REACHED
        assert [server.edge.get(host, viewer=viewer).status for viewer in END_USERS] == [expected, expected]
        assert [server.edge.get(host, viewer=viewer).status for viewer in OFFICE] == [REACHED, REACHED]
        # Nothing runs, and nothing is paid for, but what the site and AWS WAF are.
        assert stack.resources("AWS::Lambda::Function") == stack.resources("AWS::DynamoDB::Table") == []
        assert stack.resources("AWS::IAM::Role") == stack.resources("AWS::Scheduler::Schedule") == []
