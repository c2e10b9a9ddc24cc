"""Many jobs at once, done a few at a time: `ThrottledFanOut`."""
