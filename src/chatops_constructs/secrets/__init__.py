"""Secrets of a stage: their names, who may read them, and who may not."""
