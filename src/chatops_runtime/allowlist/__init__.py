"""The allow-list: a stored truth of who may come from where until when, and IP sets that follow it."""
