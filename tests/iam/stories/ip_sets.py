"""What somebody does who may update a pair of IP sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.iam.apps import Story

if TYPE_CHECKING:
    from tests.iam.laboratory import Laboratory


def updated(role: str, pair: str) -> Story:
    """Somebody in a role finds and writes both sets of a pair."""

    def tell(laboratory: Laboratory) -> None:
        waf = laboratory.client_as(role, "wafv2")
        names = [laboratory.id(f"{pair}Ipv{version}").split("|")[0] for version in (4, 6)]
        found = {one["Name"]: one["Id"] for one in waf.list_ip_sets(Scope="REGIONAL")["IPSets"]}
        for name in names:
            which = {"Name": name, "Id": found[name], "Scope": "REGIONAL"}
            got = waf.get_ip_set(**which)
            waf.update_ip_set(**which, Addresses=got["IPSet"]["Addresses"], LockToken=got["LockToken"])

    return Story(f"{role} updates {pair}", tell)
