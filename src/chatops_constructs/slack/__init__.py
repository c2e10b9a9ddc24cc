"""Slack: the endpoint that receives its commands, and whom it serves."""
