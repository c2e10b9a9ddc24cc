"""The function that is packaged."""


def handler(_event: object, _context: object) -> str:
    """Does nothing."""
    return "done"
