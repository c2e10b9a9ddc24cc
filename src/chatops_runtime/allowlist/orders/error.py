"""What is wrong with what was typed."""


class OrderError(ValueError):
    """What was typed is no order, or one that cannot be done. The text is for the one who typed it."""
