"""Calls of Systems Manager in another account or region, for state machines."""
