"""The local cloud: a synthesised CDK app run on one machine, with AWS's half, Slack's half, instances and IAM."""
