"""What the agent reports of a script that ended.

amazon-ssm-agent: pluginutil `GetStatus`, runscript `runCommands`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import statuses
from .script_process import STOPPED_EXIT_CODE

if TYPE_CHECKING:
    from .script_process import ScriptResult
    from .statuses import Status

EXIT_DOCUMENT = {168: statuses.SUCCESS, 169: statuses.FAILED}
"""Exit codes that skip the steps which follow.

https://docs.aws.amazon.com/systems-manager/latest/userguide/command-exit-code.html
"""
_REBOOT = 194


def status_of(result: ScriptResult) -> Status:
    """The step's status. A script that itself exits with 137 is taken for one that was killed, as on AWS."""
    if result.stopped == "cancelled":
        return statuses.CANCELLED
    if result.exit_code == STOPPED_EXIT_CODE:
        return statuses.EXECUTION_TIMED_OUT
    if result.exit_code == 0:
        return statuses.SUCCESS
    return EXIT_DOCUMENT.get(result.exit_code, statuses.FAILED)


def stderr_of(result: ScriptResult) -> bytes:
    """The step's stderr: the script's, and if it failed a last line of the agent's own."""
    status = status_of(result)
    if result.exit_code == _REBOOT:
        return result.stderr + b"exit code 194 asks for a reboot, which a local instance cannot do"
    if status == statuses.FAILED:
        reason = result.failure or f"exit status {result.exit_code}"
        return result.stderr + f"failed to run commands: {reason}".encode()
    # Exit code 168 means success; the agent drops what else it wrote to stderr.
    return b"" if result.exit_code in EXIT_DOCUMENT else result.stderr
