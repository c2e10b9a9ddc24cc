"""Parameters of Systems Manager, as one call reads them."""

from __future__ import annotations

from chatops_runtime.dispatch.deadline import Deadline
from chatops_runtime.dispatch.retries import Attempts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_runtime.dispatch.aws_client import AwsClient


class Parameter:
    """One parameter as it was read."""

    def __init__(self, value: str, *, version: int, modified_at: float) -> None:
        """Of its value, its version, and when that was written, in seconds since 1970."""
        self.value = value
        self.version = version
        self.modified_at = modified_at


class ParameterStore:
    """Some parameters by their names."""

    def __init__(self, client: AwsClient, names: tuple[str, ...]) -> None:
        """Read through `client`."""
        self._client = client
        self._names = names

    def read(self, timeout: float) -> Mapping[str, Parameter]:
        """Those that exist, by name. All or nothing: AWS refuses the call if one of them may not be read.

        https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html

        Args:
            timeout: How many seconds it may take, attempts included.

        Raises:
            AwsError: Systems Manager refused.
            AwsUnreachableError: Systems Manager did not answer.
        """
        attempts = Attempts(self._client, "GetParameters", {"Names": list(self._names), "WithDecryption": True})
        answer = attempts.result(Deadline(timeout), timeout)
        return {
            found["Name"]: Parameter(
                str(found["Value"]), version=int(found["Version"]), modified_at=float(found["LastModifiedDate"])
            )
            for found in answer["Parameters"]
        }
