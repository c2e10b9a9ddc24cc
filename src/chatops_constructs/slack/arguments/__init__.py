"""What may be typed after a command: a class for each kind of argument."""
