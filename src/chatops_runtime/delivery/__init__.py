"""Deliveries from Slack: what waits for an approval, who may give it, and how executions of the pipeline went."""
