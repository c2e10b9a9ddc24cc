"""Functions that are found and start anew, and parameters that are not what they were."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_local.cloud import LocalCloud


def function_name(cloud: LocalCloud, construct: str) -> str:
    """The name of a function, by the path of its construct without slashes."""
    pages = cloud.server.client("lambda").get_paginator("list_functions").paginate()
    names: list[str] = [function["FunctionName"] for page in pages for function in page["Functions"]]
    return next(name for name in names if f"-{construct}" in name)


def restart(cloud: LocalCloud, function_name: str) -> None:
    """Let the next invocation of a function be a cold start, as after any change of its configuration."""
    client = cloud.server.client("lambda")
    memory = client.get_function_configuration(FunctionName=function_name)["MemorySize"]
    client.update_function_configuration(FunctionName=function_name, MemorySize=memory + 1)


@contextmanager
def without_parameter(cloud: LocalCloud, name: str) -> Iterator[None]:
    """Let there be no parameter of that name until the block ends."""
    ssm = cloud.server.client("ssm")
    parameter = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]
    ssm.delete_parameter(Name=name)
    try:
        yield
    finally:
        ssm.put_parameter(Name=name, Value=parameter["Value"], Type=parameter["Type"], Overwrite=True)


@contextmanager
def parameter(cloud: LocalCloud, name: str, value: str) -> Iterator[None]:
    """Let a parameter have another value until the block ends."""
    ssm = cloud.server.client("ssm")
    before = ssm.get_parameter(Name=name)["Parameter"]
    ssm.put_parameter(Name=name, Value=value, Type=before["Type"], Overwrite=True)
    try:
        yield
    finally:
        ssm.put_parameter(Name=name, Value=before["Value"], Type=before["Type"], Overwrite=True)
