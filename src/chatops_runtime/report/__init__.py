"""What is said to Slack after the acknowledgement: the outcome of a command, rendered and delivered."""
