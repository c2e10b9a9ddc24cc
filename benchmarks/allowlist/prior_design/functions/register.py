"""Puts the caller's address into the IP set of its family."""

import json
import os
from typing import Any

import boto3

waf = boto3.client("wafv2")


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Read the set, add the address, write the set."""
    caller = event["requestContext"]["http"]
    address = caller["sourceIp"]
    if caller["method"] != "POST":
        return {"statusCode": 200, "body": address}
    family = 6 if ":" in address else 4
    cidr = f"{address}/{128 if family == 6 else 32}"
    ip_set = dict(zip(("Name", "Id", "Scope"), os.environ[f"IPV{family}_SET"].split("|"), strict=True))
    found = waf.get_ip_set(**ip_set)
    addresses = found["IPSet"]["Addresses"]
    if cidr not in addresses:
        waf.update_ip_set(**ip_set, Addresses=[*addresses, cidr], LockToken=found["LockToken"])
    return {"statusCode": 200, "body": json.dumps({"registered": cidr})}
