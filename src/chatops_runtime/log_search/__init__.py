"""Searches log groups for a text."""
