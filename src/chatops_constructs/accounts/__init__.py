"""Other accounts and regions that commands reach."""
