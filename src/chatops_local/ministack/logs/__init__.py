"""Searches in CloudWatch Logs as AWS carries them out."""
