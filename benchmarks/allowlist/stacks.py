"""The stacks of both designs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

from benchmarks.allowlist.prior_design.prior_design import PriorDesign
from chatops_constructs import IpAllowlistFunction, IpSetAddresses, IpSetPair, WafScope

if TYPE_CHECKING:
    from pathlib import Path

OURS, PRIOR = "Ours", "Prior"
SECRET_PARAMETER = "/benchmark/allowlist-secret"


def synthesise(directory: Path) -> None:
    """Write the cloud assembly into `directory`."""
    app = cdk.App(outdir=str(directory), analytics_reporting=False)
    ours, prior = cdk.Stack(app, OURS), cdk.Stack(app, PRIOR)
    pair = IpSetPair(ours, "Registered", waf_scope=WafScope.REGIONAL, addresses=IpSetAddresses.at_run_time())
    allowlist = IpAllowlistFunction(ours, "Allowlist", ip_sets=pair, shared_secret_parameter=SECRET_PARAMETER)
    _outputs(
        ours,
        Url=allowlist.url,
        Ipv4Url=allowlist.ipv4_url,
        Writer=allowlist.projection.function_name,
        Ipv4=pair.ipv4_set.ref,
        Ipv6=pair.ipv6_set.ref,
    )
    design = PriorDesign(prior, "Allowlist")
    ipv4, ipv6 = design.ip_sets
    writer = design.function.function_name
    _outputs(prior, Url=design.url, Ipv4Url=design.url, Writer=writer, Ipv4=ipv4.ref, Ipv6=ipv6.ref)
    app.synth()


def _outputs(stack: cdk.Stack, **values: str) -> None:
    for name, value in values.items():
        cdk.CfnOutput(stack, name, value=value)
