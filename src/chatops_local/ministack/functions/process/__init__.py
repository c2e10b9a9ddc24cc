"""What runs in a function's process before AWS's runtime client. It has the standard library only."""
