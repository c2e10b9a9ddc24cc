"""What names of secrets may look like."""

from __future__ import annotations

import re

# One level of a parameter's name: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
# A name of four of them stays below the 15 that there may be.
PART = re.compile(r"[A-Za-z0-9._-]+")
PART_IN_WORDS = "letters, digits, '.', '-' and '_'"

# The first level must not begin with aws or ssm, in any case (the same page).
PROJECT = re.compile(r"(?!(?i:aws|ssm))[A-Za-z0-9._-]+")

# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html; `!` is in the names of those
# that other services make: https://docs.aws.amazon.com/secretsmanager/latest/userguide/service-linked-secrets.html
MANAGED_NAME = re.compile(r"[A-Za-z0-9/_+=.@!-]{1,512}")
