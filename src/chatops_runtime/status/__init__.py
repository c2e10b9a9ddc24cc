"""What runs now and what ran last, from the executions themselves."""
