"""What the local cloud cannot be asked about: for what reason, and which test proves it instead."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.iam.permissions import Permission

CDKS_OWN = ("CustomCDKBucketDeployment", "DeliveryPipeline")
"""The beginnings of the logical ids of what CDK makes for itself."""

_ROOT = Path(__file__).parents[2]
_PARTS = (ast.FunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Elsewhere:
    """Some permissions that no story here can show to be needed.

    Args:
        policy: a regular expression of the logical ids of the policies that give them, without their hashes.
        action: a regular expression of the actions.
        reason: why not.
        proof: the test that proves them, as pytest names it: `tests/….py::test_…`, or one of a class.
        resource: a regular expression of what they are for.
    """

    policy: str
    action: str
    reason: str
    proof: str
    resource: str = ".*"

    def covers(self, permission: Permission) -> bool:
        """Whether a permission is one of them."""
        return all(
            re.fullmatch(pattern, text) is not None
            for pattern, text in (
                (self.policy, permission.policy[:-8]),
                (self.action, permission.action),
                (self.resource, permission.resource),
            )
        )

    def has_proof(self) -> bool:
        """Whether there is such a test."""
        path, *names = self.proof.split("::")
        file = _ROOT / path
        if not file.is_file() or not names or not names[-1].startswith("test_"):
            return False
        parts = (node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, _PARTS))
        return {part.name for part in parts}.issuperset(names)


BUCKET_DEPLOYMENT = Elsewhere(
    "CustomCDKBucketDeployment.*",
    ".*",
    "CDK chooses the rights of its own function, whose work the local cloud does for it",
    "tests/iam/test_iam_elsewhere.py::test_what_bucket_deployment_may_is_cdks_own",
)
OWN_KEY = Elsewhere(
    "Key",
    r"kms:\*",
    "every key of CDK's lets in its own account, and nothing uses this one by that",
    "tests/iam/test_iam_elsewhere.py::test_every_key_lets_in_its_own_account",
)
LOGS_OF_KEY = Elsewhere(
    "Key",
    r"kms:(?:Encrypt|Decrypt|ReEncrypt|GenerateDataKey|Describe)\*",
    "CloudWatch Logs uses the key; log groups of the local cloud are not encrypted",
    "tests/constructs/test_slack_command_endpoint.py::test_the_keys_policy_lets_cloudwatch_logs_use_it_once",
)
CLOUDFRONT_OF_KEY = Elsewhere(
    "Key",
    "kms:Decrypt",
    "CloudFront decrypts the site's files; buckets of the local cloud are not encrypted",
    "tests/constructs/test_dual_stack_site.py::test_with_a_key_may_be_read_by_cloudfront",
)

HISTORIES_OF_KEY = Elsewhere(
    r"\w*DecisionsPoliciesExecutions\d+",
    "kms:Decrypt",
    "who reads a history needs its key; executions of the local cloud are not encrypted",
    "tests/constructs/test_decisions.py::TestRights::test_a_customers_key_decrypts_histories_of_these_machines",
)

LAST_RESORT = Elsewhere(
    "RunCommandFollowPolicy",
    "ssm:CancelCommand",
    "a command is cancelled if Systems Manager does not end it in time, as it always does here",
    "tests/constructs/test_run_script_states.py::test_a_command_that_never_ends_is_cancelled_after_its_limits",
)
