"""A site under CloudFront's own name, without a web ACL."""

import aws_cdk as cdk

from chatops_constructs import DualStackSite, SiteKind

app = cdk.App()
stack = cdk.Stack(app, "Web", env=cdk.Environment(region="us-east-1"))
site = DualStackSite(stack, "Site", kind=SiteKind.PLAIN)
cdk.CfnOutput(stack, "Url", value=site.url)
app.synth()
