"""The office's addresses, for rules of a web ACL."""

import aws_cdk as cdk

from chatops_constructs import IpSetAddresses, IpSetPair, WafScope

app = cdk.App()
stack = cdk.Stack(app, "Edge")
IpSetPair(
    stack,
    "Office",
    waf_scope=WafScope.REGIONAL,
    addresses=IpSetAddresses.in_template("192.0.2.0/24", "2001:db8:0:7::/64"),
)
app.synth()
