"""The document of AWS's own that is built in: AWS-RunShellScript.

AWS's is of schema 1.2, whose plugin is named `aws:runShellScript`; here it is written in schema 2.2 with a step of that
name, which behaves the same. Parameters and pattern: `aws ssm get-document --name AWS-RunShellScript`.
"""

from __future__ import annotations

import json

from .document import Document

OWNER = "Amazon"

_RUN_SHELL_SCRIPT = {
    "schemaVersion": "2.2",
    "description": "Run a shell script or specify the commands to run.",
    "parameters": {
        "commands": {
            "type": "StringList",
            "description": "(Required) Specify a shell script or a command to run.",
            "minItems": 1,
            "displayType": "textarea",
        },
        "workingDirectory": {
            "type": "String",
            "default": "",
            "description": "(Optional) The path to the working directory on your instance.",
            "maxChars": 4096,
        },
        "executionTimeout": {
            "type": "String",
            "default": "3600",
            "description": "(Optional) The seconds that a command may run. Default is 3600, maximum is 172800.",
            "allowedPattern": "([1-9][0-9]{0,4})|(1[0-6][0-9]{4})|(17[0-1][0-9]{3})|(172[0-7][0-9]{2})|(172800)",
        },
    },
    "mainSteps": [
        {
            "action": "aws:runShellScript",
            "name": "aws:runShellScript",
            "inputs": {
                "runCommand": "{{ commands }}",
                "workingDirectory": "{{ workingDirectory }}",
                "timeoutSeconds": "{{ executionTimeout }}",
            },
        }
    ],
}


def run_shell_script(created: float) -> Document:
    """AWS-RunShellScript."""
    document = Document("AWS-RunShellScript", OWNER)
    document.add_version(json.dumps(_RUN_SHELL_SCRIPT), created)
    return document
