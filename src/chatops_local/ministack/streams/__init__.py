"""Functions that streams of tables feed: event source mappings, with the rights of the function's role."""
