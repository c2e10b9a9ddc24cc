"""One closing of a site in each design, measured."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.maintenance.deployment import BUCKET, REGION, STACK, Deployment
from benchmarks.maintenance.watch import Watch
from chatops_local.app import synth

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.cloud import LocalCloud
    from chatops_local.server import DeployedStack

EXAMPLE = Path(__file__).parents[2] / "examples" / "guarded_site"
HOME = "ap-northeast-1"
CHANNEL = "C012OPS34"

OURS, PRIOR = "switch, from Slack", "deployment"


@dataclass(frozen=True)
class Run:
    """One closing.

    Attributes:
        design: `OURS` or `PRIOR`.
        seconds: From the typing of the command to the first 503 that an end user gets.
        calls: Calls of AWS, by service and operation: of our roles, or of whoever deploys.
    """

    design: str
    seconds: float
    calls: Mapping[str, int]

    @property
    def all_calls(self) -> int:
        """How many there were."""
        return sum(self.calls.values())


class Sites:
    """The example and the prior design on one local cloud, both open."""

    def __init__(self, cloud: LocalCloud, directory: Path) -> None:
        """Deploy them; what is deployed for the first time is not measured."""
        self._cloud = cloud
        self._ours = {stack.name: stack for stack in cloud.deploy_all(EXAMPLE)}
        cloud.server.client("s3", REGION).create_bucket(Bucket=BUCKET)
        app = directory / "prior"
        app.mkdir()
        settings = {"app": f"python3 {Path(__file__).parent / 'prior_design' / 'app.py'}"}
        (app / "cdk.json").write_text(json.dumps({**settings, "context": {"maintenance": False}}), encoding="utf-8")
        self._open = synth(app, directory / "cdk.out", account=cloud.server.account, region=REGION).directory
        self._prior = self._open_prior()

    def close_ours(self) -> Run:
        """Type the command, measure, and open the site again."""
        before = self._cloud.server.usage()
        with Watch(self._cloud.server, self._ours["GuardedSite"].outputs["Url"]) as watch:
            sent = self._cloud.slack.send("/maintenance on", channel=CHANNEL)
        sent.wait(60)
        calls = (self._cloud.server.usage() - before).api_calls
        self._type("/maintenance off")
        return Run(OURS, watch.seconds, calls)

    def close_prior(self) -> Run:
        """Deploy the site closed, measure, and open it again."""
        deployment = Deployment(self._cloud.server)
        with Watch(self._cloud.server, self._prior.outputs["Domain"]) as watch:
            deployment.run(maintenance=True)
        self._open_prior()
        return Run(PRIOR, watch.seconds, dict(deployment.calls))

    def warm_up(self) -> None:
        """Once, so that no function starts cold in a run that is measured."""
        self._type("/maintenance status")

    def _type(self, text: str) -> None:
        sent = self._cloud.slack.send(text, channel=CHANNEL)
        sent.wait(60)
        if problems := self._cloud.problems_of(sent):
            raise RuntimeError(f"{text}: {'; '.join(problems)}")

    def _open_prior(self) -> DeployedStack:
        return self._cloud.server.deploy(self._open, STACK)
