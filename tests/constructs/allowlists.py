"""Stacks with an `IpAllowlistFunction`."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk

from chatops_constructs.waf.ip_allowlist_function import IpAllowlistFunction
from chatops_constructs.waf.ip_set_addresses import IpSetAddresses
from chatops_constructs.waf.ip_set_pair import IpSetPair
from chatops_constructs.waf.waf_scope import WafScope
from tests.constructs.stacks import Synthesised

ACCOUNT = "123456789012"
US = cdk.Environment(account=ACCOUNT, region="us-east-1")
TOKYO = cdk.Environment(account=ACCOUNT, region="ap-northeast-1")


def new_stack(id: str = "Ops", env: cdk.Environment | None = TOKYO) -> tuple[cdk.App, cdk.Stack]:
    app = cdk.App(analytics_reporting=False)
    return app, cdk.Stack(app, id, env=env)


def pair(stack: cdk.Stack, id: str = "Developers", waf_scope: WafScope = WafScope.REGIONAL) -> IpSetPair:
    return IpSetPair(stack, id, waf_scope=waf_scope, addresses=IpSetAddresses.at_run_time())


def allowlist(stack: cdk.Stack, id: str = "Allowlist", **options: Any) -> IpAllowlistFunction:
    """An allow-list with what is required, unless the options say otherwise."""
    ip_sets = options.pop("ip_sets", None) or pair(stack)
    return IpAllowlistFunction(stack, id, ip_sets=ip_sets, **options)


def synthesised(**options: Any) -> Synthesised:
    """An allow-list with the options, beside its pair."""
    app, stack = new_stack()
    allowlist(stack, **options)
    return Synthesised.of(app, stack)
