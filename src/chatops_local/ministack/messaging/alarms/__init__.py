"""CloudWatch alarms: what they say when their state changes, and what they are evaluated on."""
