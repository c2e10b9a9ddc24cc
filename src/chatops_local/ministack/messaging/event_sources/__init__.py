"""Functions that are fed by queues: event source mappings, with the rights of the function's role."""
