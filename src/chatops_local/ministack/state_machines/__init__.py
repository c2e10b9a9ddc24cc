"""Step Functions as AWS runs it: roles, execution names, time limits, error names and JSONata."""
