"""What a command does when its function is in another region than Slack's endpoint."""
