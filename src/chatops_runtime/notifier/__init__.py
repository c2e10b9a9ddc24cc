"""Notices from a queue, said in one channel of Slack: alone, or as one digest when many come at once."""
