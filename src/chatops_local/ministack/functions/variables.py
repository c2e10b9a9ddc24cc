"""A function's environment variables: what Lambda sets, what it configures, what the local cloud adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def function_variables(
    configuration: Mapping[str, Any],
    *,
    runtime_variables: Mapping[str, str],
    cloud_variables: Mapping[str, str],
) -> dict[str, str]:
    """The whole environment of a function's process; nothing of the emulator's or the user's is in it.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html

    Args:
        configuration: the function's configuration.
        runtime_variables: what only the environment knows: Runtime API, paths, credentials, log stream.
        cloud_variables: how the function reaches the local cloud. They win, since without them it would reach AWS.
    """
    own: dict[str, str] = (configuration.get("Environment") or {}).get("Variables") or {}
    logging: dict[str, str] = configuration.get("LoggingConfig") or {}
    reserved = {
        "_HANDLER": configuration["Handler"],
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{configuration['Runtime']}",
        "AWS_LAMBDA_FUNCTION_NAME": configuration["FunctionName"],
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(configuration.get("MemorySize", 128)),
        "AWS_LAMBDA_FUNCTION_VERSION": configuration.get("Version", "$LATEST"),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": logging.get("LogFormat", "Text"),
        "AWS_LAMBDA_LOG_GROUP_NAME": log_group_of(configuration),
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
    }
    if "ApplicationLogLevel" in logging:
        reserved["AWS_LAMBDA_LOG_LEVEL"] = logging["ApplicationLogLevel"]
    return {**own, **reserved, **runtime_variables, **cloud_variables}


def log_group_of(configuration: Mapping[str, Any]) -> str:
    """The log group that a function writes to."""
    logging: dict[str, str] = configuration.get("LoggingConfig") or {}
    return logging.get("LogGroup") or f"/aws/lambda/{configuration['FunctionName']}"
