"""What scheduled tasks of every kind share: how they start, each time once, and who is told when they fail."""
