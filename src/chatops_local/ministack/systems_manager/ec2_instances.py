"""Shows the managed instances to EC2: the same ids and tags, running or stopped, with the profile that has their role.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.emulator import Emulator
    from chatops_local.run_command import Instance, RunCommand

_handle_request = private("services.ec2:handle_request", "method, path, headers, body, query_params")
_launch = private(
    "services.ec2:_launch_instances_internal",
    "image_id, instance_type, subnet_id, count, key_name, user_data, sg_ids, requested_private_ip, iam_profile",
)
_ensure_defaults = private("services.ec2:_ensure_defaults_initialized", "")
_instances = private("services.ec2:_instances")
_tags = private("services.ec2:_tags")
_default_subnet = private("services.ec2:_DEFAULT_SUBNET_ID")
_get_region = private("core.responses:get_region", "")
_instance_profiles = private("services.iam:_instance_profiles")
_roles = private("services.iam:_roles")
_create_instance_profile = private("services.iam:_create_instance_profile", "p")
_add_role_to_instance_profile = private("services.iam:_add_role_to_instance_profile", "p")

_IMAGE = "ami-0123456789abcdef0"
_TYPE = "t4g.small"


_STATES = {False: {"Code": 16, "Name": "running"}, True: {"Code": 80, "Name": "stopped"}}
_TERMINATED = {"Code": 48, "Name": "terminated"}
"""By whether it is stopped: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html."""


def apply(emulator: Emulator, service: RunCommand) -> None:
    """Let every request to EC2 in the cloud's own region find the instances of the service."""
    stopped = _follow_stops(emulator)

    def showing(original: Untyped) -> Untyped:
        async def handle_request(
            method: str, path: str, headers: Mapping[str, str], body: bytes, query_params: object
        ) -> Untyped:
            if _get_region.get()() == emulator.region:
                _ensure_defaults.get()()
                for instance in service.fleet.list():
                    if instance.instance_id not in _instances.get():
                        _show(instance)
                    _instances.get()[instance.instance_id]["State"] = _STATES[instance.instance_id in stopped]
            return await original(method, path, headers, body, query_params)

        return handle_request

    _handle_request.wrap(showing)


def _follow_stops(emulator: Emulator) -> set[str]:
    """The ids of the instances that the controller has stopped and not started again."""
    stopped: set[str] = set()
    stop_instance, set_online = emulator.calls["stop_instance"], emulator.calls["set_online"]

    def stop(instance_id: str) -> None:
        stop_instance(instance_id=instance_id)
        stopped.add(instance_id)

    def start(instance_id: str, online: bool) -> None:
        set_online(instance_id=instance_id, online=online)
        if online:
            stopped.discard(instance_id)

    terminate_instance = emulator.calls["terminate_instance"]

    def terminate(instance_id: str) -> None:
        terminate_instance(instance_id=instance_id)
        if instance_id in _instances.get():
            _instances.get()[instance_id]["State"] = _TERMINATED

    emulator.calls.update(stop_instance=stop, set_online=start, terminate_instance=terminate)
    return stopped


def _show(instance: Instance) -> None:
    (record,) = _launch.get()(
        _IMAGE,
        _TYPE,
        _default_subnet.get(),
        1,
        requested_private_ip=instance.ip_address,
        iam_profile=_profile_of(instance),
    )
    known = _instances.get()
    del known[record["InstanceId"]]
    record["InstanceId"] = instance.instance_id
    known[instance.instance_id] = record
    _tags.get()[instance.instance_id] = [{"Key": key, "Value": value} for key, value in instance.tags.items()]


def _profile_of(instance: Instance) -> dict[str, str] | None:
    """The profile with the instance's role; made, under the role's name, if there is none."""
    if instance.role_arn is None:
        return None
    role = instance.role_arn.rpartition("/")[2]
    if role not in _roles.get():
        return None
    profiles = _instance_profiles.get()
    if not any(role in profile["Roles"] for profile in profiles.values()):
        _create_instance_profile.get()({"InstanceProfileName": [role]})
        _add_role_to_instance_profile.get()({"InstanceProfileName": [role], "RoleName": [role]})
    profile = next(profile for profile in profiles.values() if role in profile["Roles"])
    return {"Arn": profile["Arn"], "Id": profile["InstanceProfileId"]}
