"""What a command does: one action per file."""
