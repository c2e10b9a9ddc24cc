"""What arrives on the instance, byte for byte."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING

from tests.end_to_end.scheduled.conftest import APP
from tests.end_to_end.scheduled.effects import commands_of, effects

if TYPE_CHECKING:
    from chatops_local.cloud import LocalCloud, Tick
    from tests.end_to_end.scheduled.instances import Instances

APACHE = "sudo -u apache bash -c 'cd /x && /usr/bin/perl ./y'"


def test_every_awkward_character(cloud: LocalCloud, instances: Instances):
    # By its first line the script is not run but copied into the instance's directory.
    tick = cloud.tick("Awkward")
    assert effects(cloud, instances, tick).ended == "SUCCEEDED"
    assert (instances.path("one-1") / "script").read_bytes() == (APP / "scripts" / "awkward.txt").read_bytes()


def test_the_awkward_script_has_what_it_is_for():
    text = (APP / "scripts" / "awkward.txt").read_bytes().decode()
    for awkward in ("'", '"', "\\", "$HOME", "$$", "{{ name }}", "{{ssm:/", "`", "\r\n", "\t", "é", "🚀", "${Token}"):
        assert awkward in text
    assert not text.endswith("\n")


def test_quotes_within_quotes_reach_the_shell(cloud: LocalCloud, instances: Instances):
    folder = instances.path("one-1") / "bin"
    folder.mkdir()
    sudo = folder / "sudo"
    sudo.write_text('#!/bin/sh\nprintf "%s\\0" "$@" > arguments\n', encoding="utf-8")
    sudo.chmod(0o700)
    tick = cloud.tick("Apache")
    assert effects(cloud, instances, tick).ended == "SUCCEEDED"
    arguments = (instances.path("one-1") / "arguments").read_bytes().decode().split("\0")[:-1]
    assert arguments == ["-u", "apache", "bash", "-c", "cd /x && /usr/bin/perl ./y"]
    assert APACHE in (APP / "scripts" / "apache.sh").read_text("utf-8")


def test_the_example_of_the_page_on_migration(cloud: LocalCloud, instances: Instances):
    # Its script is not run on this machine, which may have a sudo and an apache; what would be run is looked at.
    cloud.server.script_takes(instances.id("batch-1"), 60)
    tick = cloud.tick("NightlyReport")
    # The template's cron(30 17 * * ? *), in UTC, is half past two in Tokyo.
    assert tick.scheduled_time.strftime("%H:%M") == "17:30"
    tick.wait()
    (told,) = [publication for publication in tick.published if "NightlyReport" in publication.subject]
    assert told.topic_arn == f"arn:aws:sns:{cloud.server.region}:{cloud.server.account}:batch-succeeded"
    assert [(one.instance_name, one.status) for one in tick.invocations] == [("batch-1", "Success")]
    assert script_of(cloud, tick) == b"sudo -u apache bash -c 'cd /var/www/batch && /usr/bin/perl ./report.pl'"


def script_of(cloud: LocalCloud, tick: Tick) -> bytes:
    """What the prelude of the document that was sent decodes into the script."""
    (command,) = commands_of(cloud, tick)
    document = cloud.server.client("ssm").get_document(
        Name=command["DocumentName"], DocumentVersion=command["DocumentVersion"]
    )
    (step,) = json.loads(document["Content"])["mainSteps"]
    encoded = re.search(r"<<'SCRIPT' .*?\n(.*?)\nSCRIPT", "\n".join(step["inputs"]["runCommand"]), re.DOTALL)
    assert encoded
    return base64.b64decode(encoded[1])
