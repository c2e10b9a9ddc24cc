"""AWS WAF's API: https://docs.aws.amazon.com/waf/latest/APIReference/API_UpdateIPSet.html and its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_local.server import Server

STALE = str(uuid4())


@pytest.fixture
def waf(server: Server) -> Any:
    return server.client("wafv2")


@pytest.fixture
def ip_set(waf: Any) -> Iterator[dict[str, Any]]:
    """The name, id and scope of a set; it is gone afterwards."""
    created = make(waf, ["192.0.2.0/24"])
    yield created
    remove(waf, created)


def make(waf: Any, addresses: list[str], version: str = "IPV4", **options: Any) -> dict[str, Any]:
    request = {"Name": f"set-{uuid4().hex}", "Scope": "REGIONAL", **options}
    summary = waf.create_ip_set(IPAddressVersion=version, Addresses=addresses, **request)["Summary"]
    return {"Name": request["Name"], "Scope": request["Scope"], "Id": summary["Id"]}


def remove(waf: Any, named: dict[str, Any]) -> None:
    waf.delete_ip_set(**named, LockToken=waf.get_ip_set(**named)["LockToken"])


def addresses_of(waf: Any, named: dict[str, Any]) -> list[str]:
    addresses: list[str] = waf.get_ip_set(**named)["IPSet"]["Addresses"]
    return addresses


def refusal(call: Any, **request: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        call(**request)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


def test_an_update_takes_the_token_of_the_state_that_was_read(waf: Any, ip_set: dict[str, Any]):
    token = waf.get_ip_set(**ip_set)["LockToken"]
    updated = waf.update_ip_set(**ip_set, Addresses=["203.0.113.7/32"], LockToken=token)
    assert addresses_of(waf, ip_set) == ["203.0.113.7/32"]
    assert waf.get_ip_set(**ip_set)["LockToken"] == updated["NextLockToken"] != token


@pytest.mark.parametrize("operation", ["update_ip_set", "delete_ip_set"])
def test_a_stale_token_is_refused_and_changes_nothing(waf: Any, ip_set: dict[str, Any], operation: str):
    addresses: dict[str, Any] = {"Addresses": []} if operation == "update_ip_set" else {}
    code, message = refusal(getattr(waf, operation), **ip_set, **addresses, LockToken=STALE)
    assert code == "WAFOptimisticLockException"
    assert "someone changed the resource after you started to edit it" in message
    assert addresses_of(waf, ip_set) == ["192.0.2.0/24"]


@pytest.mark.parametrize(
    ("version", "address"),
    [
        ("IPV4", "192.0.2.1"),  # CIDR notation only
        ("IPV4", "0.0.0.0/0"),  # every prefix length but 0
        ("IPV6", "::/0"),
        ("IPV4", "195.178.188.66/29"),  # host bits, https://github.com/aws/aws-cdk/issues/20003
        ("IPV6", "2001:db8::1/64"),
        ("IPV4", "2001:db8::/64"),  # one family a set
        ("IPV6", "192.0.2.0/24"),
        ("IPV4", "192.0.2.0/33"),
        ("IPV4", "example.com/24"),
    ],
)
def test_an_address_that_is_not_valid_is_named(waf: Any, version: str, address: str):
    code, message = refusal(make, waf=waf, addresses=[address], version=version)
    assert code == "WAFInvalidParameterException"
    assert message == (
        f"Error reason: The parameter contains formatting that is not valid., field: IP_ADDRESS, parameter: {address}"
    )


def test_the_two_halves_of_everything_are_taken(waf: Any):
    halves = {"IPV4": ["0.0.0.0/1", "128.0.0.0/1"], "IPV6": ["::/1", "8000::/1"]}
    for version, addresses in halves.items():
        created = make(waf, addresses, version)
        assert len(addresses_of(waf, created)) == 2
        remove(waf, created)


def test_ipv6_comes_back_in_its_long_form_and_each_once(waf: Any):
    created = make(waf, ["2001:DB8::/64", "2001:db8:0::/64"], "IPV6")
    assert addresses_of(waf, created) == ["2001:0db8:0000:0000:0000:0000:0000:0000/64"]
    remove(waf, created)


def test_there_is_room_for_ten_thousand_addresses(waf: Any):
    full = [f"10.{index // 256}.{index % 256}.0/24" for index in range(10_000)]
    created = make(waf, full)
    code, message = refusal(
        waf.update_ip_set,
        **created,
        Addresses=[*full, "192.0.2.0/24"],
        LockToken=waf.get_ip_set(**created)["LockToken"],
    )
    assert (code, "10001 addresses" in message) == ("WAFLimitsExceededException", True)
    assert len(addresses_of(waf, created)) == 10_000
    remove(waf, created)


def test_a_name_is_taken_once_for_each_scope(waf: Any, ip_set: dict[str, Any]):
    code, _ = refusal(make, waf=waf, addresses=[], Name=ip_set["Name"])
    assert code == "WAFDuplicateItemException"
    remove(waf, make(waf, [], Name=ip_set["Name"], Scope="CLOUDFRONT"))


@pytest.mark.parametrize("change", [{"Id": str(uuid4())}, {"Name": "another"}, {"Scope": "CLOUDFRONT"}])
def test_a_set_is_found_by_all_of_its_name_id_and_scope(waf: Any, ip_set: dict[str, Any], change: dict[str, str]):
    assert refusal(waf.get_ip_set, **{**ip_set, **change})[0] == "WAFNonexistentItemException"


def test_requests_are_checked_against_the_model(waf: Any, ip_set: dict[str, Any]):
    code, message = refusal(waf.get_ip_set, **{**ip_set, "Id": "7", "Scope": "GLOBAL"})
    assert code == "ValidationException"
    assert message.startswith("2 validation errors detected: ")
    assert "Value 'GLOBAL' at 'scope' failed to satisfy constraint: Member must satisfy enum value set" in message


def pages_of_two(waf: Any) -> Iterator[list[dict[str, Any]]]:
    marker: dict[str, str] = {}
    while True:
        page = waf.list_ip_sets(Scope="REGIONAL", Limit=2, **marker)
        yield page["IPSets"]
        if "NextMarker" not in page:
            return
        marker = {"NextMarker": page["NextMarker"]}


def test_lists_come_in_pages(waf: Any):
    made = [make(waf, [], Name=f"page-{index}") for index in range(3)]
    pages = list(pages_of_two(waf))
    assert [len(page) for page in pages[:-1]] == [2] * (len(pages) - 1)
    assert len(pages[-1]) in (1, 2)
    names = [each["Name"] for page in pages for each in page]
    # Other tests' stacks have sets as well.
    assert [name for name in names if name.startswith("page-")] == ["page-0", "page-1", "page-2"]
    for each in made:
        remove(waf, each)


def elsewhere(server: Server) -> Any:
    return boto3.client(
        "wafv2",
        endpoint_url=server.endpoint_url,
        region_name="ap-northeast-1",
        aws_access_key_id=server.access_key_id,
        aws_secret_access_key=server._settings.secret_access_key,
        config=Config(retries={"total_max_attempts": 1}),
    )


def test_everything_for_cloudfront_is_in_us_east_1(server: Server):
    code, message = refusal(elsewhere(server).list_ip_sets, Scope="CLOUDFRONT")
    assert code == "WAFInvalidParameterException"
    assert message == "Error reason: The scope is not valid., field: SCOPE_VALUE, parameter: CLOUDFRONT"


def test_a_regional_set_is_in_one_region(server: Server, ip_set: dict[str, Any]):
    assert refusal(elsewhere(server).get_ip_set, **ip_set)[0] == "WAFNonexistentItemException"


def test_what_is_not_emulated_is_refused_by_name(waf: Any):
    code, message = refusal(waf.list_api_keys, Scope="REGIONAL")
    assert (code, "ListAPIKeys" in message) == ("WAFInvalidOperationException", True)


def update(waf: Any, ip_set: dict[str, Any], addresses: list[str]) -> None:
    waf.update_ip_set(**ip_set, Addresses=addresses, LockToken=waf.get_ip_set(**ip_set)["LockToken"])


def test_calls_can_be_throttled(server: Server, waf: Any, ip_set: dict[str, Any]):
    server.waf.throttle("UpdateIPSet", times=2)
    for _ in range(2):
        assert refusal(update, waf=waf, ip_set=ip_set, addresses=[]) == ("ThrottlingException", "Rate exceeded")
    update(waf, ip_set, [])
    assert addresses_of(waf, ip_set) == []


def test_somebody_else_can_be_quicker(server: Server, waf: Any, ip_set: dict[str, Any]):
    token = waf.get_ip_set(**ip_set)["LockToken"]
    server.waf.conflict(times=1)
    assert refusal(waf.update_ip_set, **ip_set, Addresses=[], LockToken=token)[0] == "WAFOptimisticLockException"
    # It takes a new token, not the same request again.
    assert refusal(waf.update_ip_set, **ip_set, Addresses=[], LockToken=token)[0] == "WAFOptimisticLockException"
    update(waf, ip_set, [])


def test_an_answer_can_be_lost_after_the_change_was_made(server: Server, waf: Any, ip_set: dict[str, Any]):
    server.waf.lose_answer("UpdateIPSet")
    code, _ = refusal(update, waf=waf, ip_set=ip_set, addresses=["198.51.100.0/24"])
    assert (code, addresses_of(waf, ip_set)) == ("WAFInternalErrorException", ["198.51.100.0/24"])
