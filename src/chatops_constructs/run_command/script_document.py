"""The SSM document that holds one script."""

from __future__ import annotations

import gzip
from base64 import b64encode
from typing import Any

from aws_cdk import Duration, Fn
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from chatops_constructs._asked_once import arn_beside, placed
from chatops_constructs._durations import in_seconds
from chatops_constructs._physical_name import physical_name
from chatops_constructs._problems import check, is_token
from chatops_runtime.contracts import completion_signal, script_environment

# https://docs.aws.amazon.com/general/latest/gr/ssm.html: the content of a document may have up to 64 KB. 48,000 bytes
# are 64,000 characters in base64, which leaves 1,536 for the prelude and the JSON around it.
MOST_PLAIN_BYTES = 48_000

# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html
NAME_LENGTH = 128

# The interpreter that a script names is called with the file, since hardened images mount /tmp with noexec.
# POSIX sh. No `{{` may stand in it but the parameter's: the agent replaces it; nor `$$`, which it halves in parameters.
# The lines of the environment are NAME=base64; the dot keeps a value's trailing newlines from the shell.
PRELUDE = """\
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
while IFS= read -r line; do
  [ -n "$line" ] || continue
  value=$(printf %s "${line#*=}" | base64 -d; printf .)
  export "${line%%=*}=${value%.}"
done <<ENVIRONMENT
$(printf %s '@ENVIRONMENT@' | base64 -d)
ENVIRONMENT
base64 -d <<'SCRIPT' @UNPACK@> "$folder/script"
@SCRIPT@
SCRIPT
chmod 700 "$folder/script"
unset line value
set +eu
IFS= read -r first < "$folder/script"
case $first in
'#!'*) set -f; ${first#'#!'} "$folder/script" ;;
*) sh "$folder/script" ;;
esac
"""


class ScriptDocument(Construct):
    """An SSM document (schema 2.2) that runs one script, byte for byte, and nothing else.

    The script is base64-encoded and decoded on the instance: in plain text the agent would replace `{{ name }}` and
    resolve `{{ssm:…}}` with the instance's rights. A changed script becomes a new version of the document, so that a
    command which is already under way keeps the version that it started with.

    Attributes:
        document: The `AWS::SSM::Document`.
        physical_name: The document's name, in plain.
        name: The same as a reference, by which CloudFormation makes the document first.
        arn: The document's ARN.
    """

    def __init__(
        self, scope: Construct, id: str, *, script: str, timeout: Duration, description: str, name: str | None = None
    ) -> None:
        """Create the document.

        Args:
            scope: The parent.
            id: The id in `scope`.
            script: The script. With `#!` in front it is run by what that names, else by `sh`.
            timeout: After so long the agent ends the script.
            description: Shown in the console. Short: it counts towards the document's 64 KB.
            name: The document's name. Default: one that is derived from the construct's path.

        Raises:
            ValueError: The script does not fit into a document even when compressed.
        """
        super().__init__(scope, id)
        placed(self, scope, id)
        # A name of our own, since the rule for the signal knows our documents by its beginning.
        self.physical_name: str = name or physical_name(self, longest=NAME_LENGTH)
        self.document = ssm.CfnDocument(
            self,
            "Resource",
            name=self.physical_name,
            document_type="Command",
            document_format="JSON",
            target_type="/AWS::EC2::Instance",
            # "Replace" would delete the version that a waiting command is about to run.
            update_method="NewVersion",
            content=_content(self, script, timeout, description),
        )
        self.name: str = self.document.ref
        self.arn: str = arn_beside(self, "ssm", f"document/{self.name}")


def _content(scope: Construct, script: str, timeout: Duration, description: str) -> dict[str, Any]:
    return {
        "schemaVersion": "2.2",
        "description": description,
        "parameters": {
            script_environment.PARAMETER: {
                "type": "String",
                "description": "Environment variables of the script, encoded",
                "default": "",
                "allowedPattern": script_environment.ALLOWED_PATTERN,
            },
            # In no step: it is there to come back in Systems Manager's events.
            completion_signal.PARAMETER: {
                "type": "String",
                "description": "Whom to tell that the command is over",
                "default": "",
            },
        },
        "mainSteps": [
            {
                "action": "aws:runShellScript",
                "name": "runScript",
                "inputs": {
                    "timeoutSeconds": str(int(in_seconds(timeout))),
                    "runCommand": _run_command(scope, script).splitlines(),
                },
            }
        ],
    }


def _run_command(scope: Construct, script: str) -> str:
    encoded, unpack = _encoded(scope, script)
    return (
        PRELUDE.replace("@ENVIRONMENT@", "{{ " + script_environment.PARAMETER + " }}")
        .replace("@UNPACK@", unpack)
        .replace("@SCRIPT@", encoded)
    )


def _encoded(scope: Construct, script: str) -> tuple[str, str]:
    """The script in base64, and what unpacks it afterwards."""
    raw = script.encode()
    if is_token(script):
        # A bucket's name or the like is in it, known at deploy time only: CloudFormation encodes it then.
        check(
            len(raw) <= MOST_PLAIN_BYTES,
            scope,
            "script",
            f"{len(raw)} bytes with values that are known at deploy time only",
            f"{MOST_PLAIN_BYTES} bytes, since CloudFormation cannot compress them and an SSM document holds 64 KB",
            "put the bulk on the instances or into S3 and let the script fetch it",
        )
        return Fn.base64(script), ""
    if len(raw) <= MOST_PLAIN_BYTES:
        return b64encode(raw).decode(), ""
    # mtime 0: the same script gives the same document on every day.
    packed = gzip.compress(raw, compresslevel=9, mtime=0)
    check(
        len(packed) <= MOST_PLAIN_BYTES,
        scope,
        "script",
        f"{len(raw)} bytes ({len(packed)} bytes compressed)",
        f"{MOST_PLAIN_BYTES} bytes, plain or compressed, since an SSM document holds 64 KB",
        "put the bulk on the instances or into S3 and let the script fetch it",
    )
    return b64encode(packed).decode(), "| gzip -d "
