"""What of a step's output the API shows: the limits of agent and service.

The agent counts bytes, so a limit may fall into the middle of a character; AWS's documentation says characters. Output
of letters beyond ASCII is therefore cut earlier than the documentation lets expect.
(amazon-ssm-agent: pluginutil `StringPrefix`, iohandler `TruncateOutput` and `DefaultOutputConfig`.)
"""

from __future__ import annotations

MAX_STDOUT = 24000
MAX_STDERR = 8000
MAX_OUTPUT = 2500

CUT = b"--output truncated--"
_ERROR_TITLE = b"\n----------ERROR-------\n"
_OUTPUT_CUT = b"\n---Output truncated---"
_ERROR_CUT = b"\n---Error truncated----"


def standard_output(stdout: bytes) -> str:
    """`StandardOutputContent`: at most 24,000 bytes; a cut output ends with `--output truncated--`."""
    return text(stdout if len(stdout) < MAX_STDOUT else stdout[: MAX_STDOUT - len(CUT)] + CUT)


def standard_error(stderr: bytes) -> str:
    """`StandardErrorContent`: the agent sends as much of it as of the output, the service keeps 8,000 characters."""
    return standard_output(stderr)[:MAX_STDERR]


def plugin_output(stdout: bytes, stderr: bytes) -> str:
    """`CommandPlugin.Output`: both in one text of at most 2,500 bytes."""
    title = _ERROR_TITLE if stderr else b""
    space = MAX_OUTPUT - len(title)
    if len(stdout) + len(stderr) < space:
        return text(stdout + title + stderr)
    if len(stdout) > space // 2 and len(stderr) > space // 2:
        half = (space - len(_OUTPUT_CUT) - len(_ERROR_CUT)) // 2
        return text(stdout[:half] + _OUTPUT_CUT + title + stderr[:half] + _ERROR_CUT)
    if len(stdout) <= space // 2:
        return text(stdout + title + stderr[: space - len(_ERROR_CUT) - len(stdout)] + _ERROR_CUT)
    return text(stdout[: space - len(_OUTPUT_CUT) - len(stderr)] + _OUTPUT_CUT + title + stderr)


def text(output: bytes) -> str:
    """`output` as text, whatever its bytes."""
    return output.decode("utf-8", errors="replace")
