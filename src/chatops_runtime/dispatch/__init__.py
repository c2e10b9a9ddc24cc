"""The ack path: what Slack waits three seconds for.

Standard library only, no `logging`, `typing`, `dataclasses` or `urllib.request` at run time, and StartExecution as the
only thing that it does to the world. Tests hold it to that.
"""
