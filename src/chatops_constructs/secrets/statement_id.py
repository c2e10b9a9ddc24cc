"""Ids of statements about secrets."""

from __future__ import annotations

import hashlib
import re


def statement_id(name: str) -> str:
    """The id of the statement that lets a function read the secret `name`: `ReadApiKey1A2B3C`.

    IAM allows letters and digits in it, and each id once in a policy; names with other characters have to differ too.
    """
    last = name.rpartition("/")[2]
    words = "".join(word.capitalize() for word in re.split("[^A-Za-z0-9]+", last))
    return f"Read{words}{hashlib.sha256(name.encode()).hexdigest()[:6].upper()}"
