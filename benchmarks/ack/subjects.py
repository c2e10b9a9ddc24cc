"""What is compared: functions as Lambda would have them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.ack import installation
from benchmarks.ack.archive import zipped
from benchmarks.ack.request import APP, SECRET, SECRET_PARAMETER, SWITCH_PARAMETER, TEAM
from chatops_constructs.packaging import runtime_asset
from chatops_constructs.packaging.runtime_modules import modules_of
from chatops_runtime.contracts import commands_table, environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.ack.authority import Authority
    from chatops_local.ministack.functions.packages import Packages

FUNCTIONS = Path(__file__).parent / "functions"

BARE, OURS, BOLT, BOLT_KEPT = "bare handler", "dispatch", "Bolt", "Bolt, handler kept"

_TABLE: dict[str, commands_table.CommandEntry] = {
    "/ps": {
        "machine": "Ops-Slack-Ps",
        "description": "top processes",
        "usage": "/ps",
        "accepts_text": False,
        "visible": "channel",
        "allow": {"kind": "workspace"},
        # As of every script: the acknowledgement has a Cancel button.
        "cancellable": True,
        "documents": ["Ops_Slack_Ps_Document"],
    }
}


@dataclass(frozen=True)
class Subject:
    """A function.

    Attributes:
        name: What it is called in the tables.
        handler: Module and function.
        path: What is on `PYTHONPATH` before the runtime's own packages; the function's code is first.
        variables: Its environment variables, beside those that every function has.
        says: What its acknowledgement has in it.
        asset_bytes: The size of its archive, without byte code.
    """

    name: str
    handler: str
    path: tuple[Path, ...]
    variables: Mapping[str, str]
    says: str
    asset_bytes: int


def all_subjects(packages: Packages, slack_url: str) -> list[Subject]:
    """All, unpacked and ready to be started."""
    return [
        _bare(packages),
        _ours(packages),
        *(_bolt(packages, name, folder, slack_url) for name, folder in ((BOLT, "bolt"), (BOLT_KEPT, "bolt_kept"))),
    ]


def over_tls(packages: Packages, slack_url: str, authority: Authority) -> list[Subject]:
    """Dispatch and Bolt, as they are where AWS and Slack are asked over TLS.

    Each reads the authorities that it reads on AWS, and one more: dispatch Amazon's own, botocore and the Slack client
    all of the world's.
    """
    ours, bolt = _ours(packages, authority), _bolt(packages, BOLT, "bolt", slack_url)
    trust = {"AWS_CA_BUNDLE": str(authority.everybody), "SSL_CERT_FILE": str(authority.everybody)}
    return [ours, replace(bolt, variables={**bolt.variables, **trust})]


def _bare(packages: Packages) -> Subject:
    archive = zipped(FUNCTIONS / "bare")
    return Subject(BARE, "index.handler", (packages.unpack(archive),), {}, "ok", len(archive))


def _ours(packages: Packages, authority: Authority | None = None) -> Subject:
    """The asset as the constructs pack it, and the layer with the commands table."""
    handler = "chatops_runtime.dispatch.handler.handler"
    with TemporaryDirectory() as folder:
        asset = shutil.copytree(runtime_asset.staged("", modules_of(handler)), Path(folder) / "asset")
        if authority is not None:
            roots = asset / "chatops_runtime" / "dispatch" / "amazon_trust_services.pem"
            roots.write_text(authority.beside(roots.read_text("ascii")), encoding="ascii")
        archive = zipped(asset)
    with TemporaryDirectory() as folder:
        (Path(folder) / commands_table.FILE_NAME).write_text(
            commands_table.render(_TABLE, refusals="Refusals", decisions="Decisions"), encoding="utf-8"
        )
        layer = packages.unpack(zipped(Path(folder)))
    variables = {
        environment.TEAM_ID: TEAM,
        environment.APP_ID: APP,
        environment.ENDPOINT: "Ops_Slack",
        environment.SIGNING_SECRET_PARAMETER: SECRET_PARAMETER,
        environment.OFF_SWITCH_PARAMETER: SWITCH_PARAMETER,
    }
    code = packages.unpack(archive)
    return Subject(OURS, handler, (code, layer), variables, "Running", len(archive))


def _bolt(packages: Packages, name: str, folder: str, slack_url: str) -> Subject:
    """With byte code, which ours has to do without: for Bolt it is a good part of a cold start."""
    parts = (FUNCTIONS / folder, installation.bolt())
    variables = {"SLACK_BOT_TOKEN": "xoxb-benchmark", "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": slack_url}
    code = packages.unpack(zipped(*parts, byte_code=True))
    return Subject(name, "index.handler", (code,), variables, "Running", len(zipped(*parts)))
