"""Targets: https://docs.aws.amazon.com/systems-manager/latest/userguide/send-commands-multiple.html."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatops_local.run_command import ServiceError
from chatops_local.run_command.targets import check, matching

KEYS = st.sampled_from(["Role", "Env", "Zone"])
VALUES = st.sampled_from(["a", "b", "A", ""])
FLEETS: Any = st.lists(st.dictionaries(KEYS, VALUES), max_size=6)
TARGETS = st.lists(st.tuples(KEYS, st.lists(VALUES, min_size=1, max_size=3)), min_size=1, max_size=5)


@settings(deadline=None)
@given(FLEETS, TARGETS)
def test_targets_are_anded_and_values_ored(fleet, targets):
    instances: Any = [SimpleNamespace(instance_id=f"i-{n}", tags=tags) for n, tags in enumerate(fleet)]
    expected = [
        one for one in instances if all(any(one.tags.get(key) == value for value in values) for key, values in targets)
    ]
    assert matching(instances, [{"Key": f"tag:{key}", "Values": values} for key, values in targets]) == expected


def test_tag_key_and_ids(cloud):
    web, batch = cloud.fleet.add("web-1", {"Role": "web"}), cloud.fleet.add("batch-1")
    assert matching(cloud.fleet.list(), [{"Key": "tag-key", "Values": ["Role", "Other"]}]) == [web]
    assert matching(cloud.fleet.list(), [{"Key": "InstanceIds", "Values": [batch.instance_id]}]) == [batch]
    assert matching(cloud.fleet.list(), [{"Key": "instanceids", "Values": [batch.instance_id, web.instance_id]}]) == [
        web,
        batch,
    ]


def test_the_name_is_a_tag(cloud):
    web = cloud.fleet.add("web-1")
    named = cloud.fleet.add("web-2", {"Name": "another"})
    assert cloud.fleet.by_tag("Name", ["web-1"]) == (web,)
    assert cloud.fleet.by_tag("Name", ["another"]) == (named,)


@pytest.mark.parametrize(
    ("target", "code", "message"),
    [
        ({"Key": "Role", "Values": ["web"]}, "ValidationException", "'Role'.*tag:Key, tag-key and InstanceIds"),
        ({"Key": "tag:", "Values": ["web"]}, "ValidationException", "'tag:'"),
        ({"Key": "tag:Role", "Values": []}, "ValidationException", "tag:Role: at least one value"),
        ({"Key": "tag:Role"}, "ValidationException", "tag:Role: at least one value"),
        ({"Key": "resource-groups:Name", "Values": ["x"]}, "NotEmulated", "resource-groups:Name"),
    ],
)
def test_other_targets_are_refused(target, code, message):
    with pytest.raises(ServiceError, match=message) as caught:
        check([target])
    assert caught.value.code == code


def test_who_would_be_addressed(cloud):
    web, batch = cloud.fleet.add("web-1", {"Role": "web"}), cloud.fleet.add("batch-1")
    by_tag = {"Targets": [{"Key": "tag:Role", "Values": ["web"]}]}
    assert cloud.service.targets_of(by_tag) == [web]
    assert cloud.service.targets_of({"InstanceIds": [batch.instance_id, "i-0123456789abcdef0"]}) == [batch]
    assert cloud.service.targets_of({}) == []


@pytest.mark.parametrize("name", ["", "a b", "../x", "-a", "a_b"])
def test_an_instances_name_is_a_host_name(cloud, name):
    with pytest.raises(ValueError, match="letters, digits"):
        cloud.fleet.add(name)


def test_an_id_is_given_once(cloud):
    cloud.fleet.add("web-1", instance_id="i-0123456789abcdef0")
    with pytest.raises(ValueError, match="i-0123456789abcdef0: there is such an instance"):
        cloud.fleet.add("web-2", instance_id="i-0123456789abcdef0")


def test_ids_have_aws_form(cloud):
    instance = cloud.fleet.add("web-1")
    assert len(instance.instance_id) == len("i-0123456789abcdef0")
    assert Path(instance.directory).is_dir()
