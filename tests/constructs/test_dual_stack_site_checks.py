"""cdk-nag, cfn-lint and CDK's own validation on sites: nothing unexplained, and what is explained is on the page."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms

from chatops_constructs.site.site_kind import SiteKind
from tests.constructs.sites import TOKYO, US_EAST_1, WEB_ACL_ARN, site, zone
from tests.constructs.stacks import ROOT, Synthesised
from tests.constructs.test_cfn_lint import unexplained
from tests.constructs.test_feature_flags import OF_NEW_PROJECTS
from tests.constructs.test_nag import findings

if TYPE_CHECKING:
    from pathlib import Path

    from constructs import IConstruct

    from chatops_constructs.site.dual_stack_site import DualStackSite

PAGE = ROOT / "docs" / "dual-stack-site.md"
ROW = re.compile(r"^\| `(?P<where>\w+)` \| `(?P<finding>AwsSolutions-\w+)` \| (?P<reason>[^|]+) \|$", re.MULTILINE)
ENVIRONMENTS = [None, US_EAST_1, TOKYO]


def maximal(app: cdk.App, env: cdk.Environment | None) -> list[DualStackSite]:
    """Both kinds, with a web ACL; one with a name and a key."""
    stack = cdk.Stack(app, "Web", env=env)
    hosted_zone = zone(stack)
    named = site(
        stack,
        "Named",
        kind=SiteKind.PLAIN,
        domain_names=["www.example.com"],
        hosted_zone=hosted_zone,
        web_acl=WEB_ACL_ARN,
    )
    key = kms.Key(named.stack, "Key", enable_key_rotation=True)
    other = site(
        stack,
        "Encrypted",
        domain_names=["app.example.com"],
        hosted_zone=hosted_zone,
        web_acl=WEB_ACL_ARN,
        encryption_key=key,
    )
    return [named, other]


@pytest.mark.parametrize("env", ENVIRONMENTS)
def test_no_finding_of_cdk_nag(env: cdk.Environment | None) -> None:
    app = cdk.App(analytics_reporting=False)
    maximal(app, env)
    assert findings(app, app) == set()


def test_what_a_user_leaves_out_is_found() -> None:
    """It is not for a construct to say that a site needs no web ACL, and no name of its own."""
    app = cdk.App(analytics_reporting=False)
    site(cdk.Stack(app, "Web", env=US_EAST_1))
    assert {finding for _, finding in findings(app, app)} == {"AwsSolutions-CFR2", "AwsSolutions-CFR4"}


def test_every_acknowledgement_has_its_finding_and_is_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    collected: set[tuple[str, str, str]] = set()

    def of(child: IConstruct) -> Any:
        def acknowledge(one: cdk.Acknowledgment) -> None:
            collected.add((child.node.id, one.id, one.reason))

        return SimpleNamespace(acknowledge=acknowledge)

    monkeypatch.setattr(cdk, "Validations", SimpleNamespace(of=of))
    app = cdk.App(analytics_reporting=False)
    maximal(app, US_EAST_1)
    assert {finding for _, finding in findings(app, app)} == {finding for _, finding, _ in collected}
    assert {match.groups() for match in ROW.finditer(PAGE.read_text(encoding="utf-8"))} == collected


@pytest.mark.parametrize("env", ENVIRONMENTS)
def test_no_finding_of_cfn_lint_and_of_cdk(env: cdk.Environment | None) -> None:
    app = cdk.App(analytics_reporting=False)
    named, _ = maximal(app, env)
    synthesised = Synthesised.of(app, named.stack)
    assert unexplained(synthesised.template) == []
    report = json.loads((synthesised.directory / "validation-report.json").read_text())
    found = [violation for plugin in report["pluginReports"] for violation in plugin.get("violations", [])]
    # The stack that the sites were asked for in has nothing of its own here.
    assert {one["ruleName"] for one in found} <= {"F0001"}


def test_the_feature_flags_of_new_projects_change_no_logical_id() -> None:
    ids = []
    for context in ({}, OF_NEW_PROJECTS):
        app = cdk.App(context=context, analytics_reporting=False)
        named, _ = maximal(app, US_EAST_1)
        ids.append(set(Synthesised.of(app, named.stack).template["Resources"]))
    assert ids[0] == ids[1]


@pytest.mark.parametrize("code", re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL))
def test_what_the_page_shows_makes_stacks(code: str, tmp_path: Path) -> None:
    app = cdk.App(analytics_reporting=False)
    stack = cdk.Stack(app, "Web", env=TOKYO)
    names: dict[str, Any] = {"app": app, "self": stack}
    if "DualStackSite(" not in code:
        names["site"] = site(stack)
    (tmp_path / "index.html").write_text("<!doctype html>")
    exec(compile(code.replace("site/dist", str(tmp_path)), "page", "exec"), names)
    assert any(one.template["Resources"] for one in app.synth().stacks if "us-east-1" in one.stack_name)
