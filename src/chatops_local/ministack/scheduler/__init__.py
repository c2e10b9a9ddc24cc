"""EventBridge Scheduler on MiniStack: schedules fire when the controller says so, and as AWS fires them."""
