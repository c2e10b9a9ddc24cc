"""The errors of AWS WAF, in its words."""

from __future__ import annotations


class WafError(Exception):
    """What AWS WAF answers to a request that it refuses.

    Args:
        code: the name of the exception.
        message: its text.
    """

    def __init__(self, code: str, message: str) -> None:
        """Keep both."""
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def invalid_parameter(reason: str, field: str, parameter: str) -> WafError:
    """A parameter that is not valid, as https://github.com/aws/aws-cdk/issues/20003 shows one."""
    return WafError("WAFInvalidParameterException", f"Error reason: {reason}, field: {field}, parameter: {parameter}")


def invalid_scope(scope: str) -> WafError:
    """https://github.com/awslabs/aws-solutions-constructs/issues/723."""
    return invalid_parameter("The scope is not valid.", "SCOPE_VALUE", scope)


def nonexistent() -> WafError:
    """No such entity."""
    return WafError(
        "WAFNonexistentItemException",
        "AWS WAF couldn’t perform the operation because your resource doesn’t exist.",
    )


def duplicate() -> WafError:
    """The name is taken."""
    return WafError(
        "WAFDuplicateItemException",
        "AWS WAF couldn’t perform the operation because some resource in your request is a duplicate of an existing "
        "one.",
    )


def stale_lock_token() -> WafError:
    """https://github.com/aws-solutions/aws-waf-security-automations/issues/152."""
    return WafError(
        "WAFOptimisticLockException",
        "AWS WAF couldn’t save your changes because someone changed the resource after you started to edit it. "
        "Reapply your changes.",
    )


def associated() -> WafError:
    """Something still uses the entity."""
    return WafError(
        "WAFAssociatedItemException",
        "AWS WAF couldn’t perform the operation because your resource is being used by another resource or it’s "
        "associated with another resource.",
    )


def limit_exceeded(what: str) -> WafError:
    """More than a quota allows."""
    return WafError(
        "WAFLimitsExceededException",
        f"AWS WAF couldn’t perform the operation because you exceeded your resource limit: {what}.",
    )


def throttled() -> WafError:
    """https://github.com/aws-solutions/aws-waf-security-automations/issues/152."""
    return WafError("ThrottlingException", "Rate exceeded")


def lost_answer() -> WafError:
    """The request was carried out and its answer did not arrive."""
    return WafError(
        "WAFInternalErrorException",
        "Your request is valid, but AWS WAF couldn’t perform the operation because of a system problem. "
        "Retry your request.",
    )


STATUS_OF_SERVER_ERRORS = {"WAFInternalErrorException": 500}
"""All other errors have the status 400."""
