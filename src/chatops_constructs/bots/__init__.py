"""Bots: functions that speak in Slack without being asked by a command."""
