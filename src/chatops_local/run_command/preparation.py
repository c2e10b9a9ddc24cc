"""A document made ready for one instance: parameters put in, references to the Parameter Store resolved."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from .errors import ServiceError
from .interpolation import InterpolationError, replace_parameters, replace_ssm_references, ssm_references

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .document_content import DocumentContent, Step
    from .document_parameters import ParameterValue
    from .fleet import Instance
    from .interpolation import StoredValue

ResolveParameter = Callable[["Instance", str], str | list[str]]
"""The value of a stored parameter, with the rights of the instance's role to call ssm:GetParameters.

It takes `name` or `name:version`, and gives the text of a String or the items of a StringList. It raises ServiceError
for anything else; the agent supports no SecureString.
"""


class Preparation:
    """Puts everything in before the first step runs, as the agent does: what fails here has run nothing."""

    def __init__(
        self,
        content: DocumentContent,
        values: Mapping[str, ParameterValue],
        instance: Instance,
        resolve: ResolveParameter | None,
    ) -> None:
        """Prepare.

        Raises:
            InterpolationError: A stored parameter cannot be had, or does not fit.
        """
        inputs = [replace_parameters(step.inputs, values) for step in content.steps]
        stored = _stored_values(ssm_references([dict(values), inputs]), instance, resolve)
        resolved = replace_ssm_references(values, stored)
        _check_patterns(content, resolved)
        self._content = content
        self._resolved = resolved
        self._inputs = [replace_ssm_references(one, stored) for one in inputs]

    def steps(self) -> Iterator[tuple[Step, dict[str, object]]]:
        """The steps with their inputs, everything put in."""
        return zip(self._content.steps, self._inputs, strict=True)

    def environment(self) -> dict[str, str]:
        """The variables of parameters with interpolationType ENV_VAR."""
        return {
            f"SSM_{name}": str(self._resolved[name])
            for name, parameter in self._content.parameters.items()
            if parameter.is_environment_variable
        }


def _stored_values(names: list[str], instance: Instance, resolve: ResolveParameter | None) -> dict[str, StoredValue]:
    if names and resolve is None:
        raise InterpolationError(f"Input contains invalid parameters {names}: there is no Parameter Store here")
    try:
        return {name: resolve(instance, name) for name in names} if resolve else {}
    except ServiceError as error:
        raise InterpolationError(str(error)) from error


def _check_patterns(content: DocumentContent, values: Mapping[str, object]) -> None:
    """The agent checks patterns once more, now that references are resolved. It searches, the service matches fully."""
    for name, parameter in content.parameters.items():
        value = values[name]
        texts = value if isinstance(value, list) else [value]
        if parameter.allowed_pattern and not all(re.search(parameter.allowed_pattern, str(one)) for one in texts):
            raise InterpolationError(f"parameter {name} does not match the allowed pattern {parameter.allowed_pattern}")
