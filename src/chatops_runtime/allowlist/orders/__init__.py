"""What people type, in Slack or as an order, and what they are answered."""
