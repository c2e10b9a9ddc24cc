"""Stages of one definition, and the comparison of what they were synthesised to."""
