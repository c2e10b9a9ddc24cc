"""Tells in Slack how a queue stands, and takes its dead letters back."""
