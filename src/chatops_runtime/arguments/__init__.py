"""What was typed after a command, as its declarations say what it is: typed values, or what is wrong with it.

    parse([{"name": "service", "kind": "choice", "required": True, "choices": ["nginx", "app"]},
           {"name": "since", "kind": "duration", "required": False}], "nginx --since 3h")
    {"service": "nginx", "since": 10800}

The declarations are those of `chatops_runtime.contracts.arguments`. Imported only where a command declares arguments.
"""

from chatops_runtime.arguments.error import ArgumentError
from chatops_runtime.arguments.parsing import parse

__all__ = ["ArgumentError", "parse"]
