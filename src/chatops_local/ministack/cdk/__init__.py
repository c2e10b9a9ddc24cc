"""Custom resources of CDK's own: their effect, without running their functions."""
