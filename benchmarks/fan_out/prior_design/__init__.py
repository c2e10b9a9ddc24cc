"""The design that `ThrottledFanOut` replaces."""
