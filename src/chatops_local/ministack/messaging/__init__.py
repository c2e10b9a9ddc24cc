"""Topics, queues, the functions that queues feed, and alarms."""
