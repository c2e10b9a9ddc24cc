"""DynamoDB: what a test does to its API, and what time to live deletes."""
