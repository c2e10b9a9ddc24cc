"""CloudFormation on MiniStack: what it tells EventBridge."""
