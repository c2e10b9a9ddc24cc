"""A user's own bot: a plain Python function that is called when something comes, and answers with what to say.

    from chatops_runtime import Reply, ScheduledRun

    def remind(run: ScheduledRun) -> Reply:
        return Reply(f"Standup in five minutes, it is {run.local_time:%A}.")

The Lambda function's handler is `chatops_runtime.bot_function.handler`; the environment variable `CHATOPS_HANDLER`
names the function, as in `standup.remind`. What it is called with depends on what came.
"""

from chatops_runtime.bot_function.invocation import handler

__all__ = ["handler"]
