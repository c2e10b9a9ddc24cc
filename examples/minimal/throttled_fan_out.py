"""Some hundreds of calls of an API that takes five at a time."""

from pathlib import Path

import aws_cdk as cdk

from chatops_constructs import JobFunction, PythonFunction, ThrottledFanOut

CALLS = Path(__file__).parents[1] / "functions" / "calls"

app = cdk.App()
stack = cdk.Stack(app, "Batch")
calls = ThrottledFanOut(
    stack,
    "Calls",
    consumer=JobFunction(stack, "Call", entry=CALLS, handler="calls.call"),
    max_concurrency=5,
)
calls.publish_from(PythonFunction(stack, "Publish", entry=CALLS, handler="calls.publish"))
app.synth()
