"""The maintenance switch: a stored truth, its end by itself, and IP sets that follow."""
