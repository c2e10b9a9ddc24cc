"""The two designs' names."""

OURS, BY_HAND = "constructs", "by hand"
