"""The calls to AWS WAF are such as its model of the API allows, which the double of the other tests does not check."""

from __future__ import annotations

import boto3
import pytest
from botocore.stub import Stubber

from chatops_runtime.contracts import ip_ranges
from chatops_runtime.ip_sets.ids import IpSetNotFoundError
from chatops_runtime.ip_sets.pair import IpSetPair
from tests.runtime.ip_sets.fake_waf import DESCRIPTION, NAMES, V4, V6

ID = "a1b2c3d4-5678-90ab-cdef-000000011111"
ARN = f"arn:aws:wafv2:us-east-1:123456789012:global/ipset/{V4}/{ID}"
TOKEN = "b1b2c3d4-5678-90ab-cdef-000000011111"


def test_each_call_is_one_that_aws_takes() -> None:
    client = boto3.client("wafv2", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    summaries = [{"Name": name, "Id": ID, "ARN": ARN, "LockToken": TOKEN} for name in (V4, V6)]
    other = {"Name": "Other", "Id": ID, "ARN": ARN, "LockToken": TOKEN}
    with Stubber(client) as stub:
        stub.add_response(
            "list_ip_sets", {"IPSets": [other], "NextMarker": "next"}, {"Scope": "CLOUDFRONT", "Limit": 100}
        )
        stub.add_response("list_ip_sets", {"IPSets": []}, {"Scope": "CLOUDFRONT", "Limit": 100, "NextMarker": "next"})
        with pytest.raises(IpSetNotFoundError):
            IpSetPair(NAMES, client).read(deadline=0)
        stub.add_response("list_ip_sets", {"IPSets": summaries, "NextMarker": "next"})
        for name, version in ((V4, "IPV4"), (V6, "IPV6")):
            found = {"Name": name, "Id": ID, "ARN": ARN, "IPAddressVersion": version, "Addresses": []}
            call = {"Name": name, "Scope": "CLOUDFRONT", "Id": ID}
            stub.add_response("get_ip_set", {"IPSet": {**found, "Description": DESCRIPTION}, "LockToken": TOKEN}, call)
            written = {"Addresses": ["0.0.0.0/1" if name == V4 else "::/1"], "Description": DESCRIPTION}
            stub.add_response("update_ip_set", {"NextLockToken": TOKEN}, {**call, **written, "LockToken": TOKEN})
        IpSetPair(NAMES, client).reconcile(lambda: map(ip_ranges.parse, ("0.0.0.0/1", "::/1")), deadline=0)
        stub.assert_no_pending_responses()
