"""Pairs of IP sets: what is in the template, who may change them, and what is refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Annotations, Match

from chatops_constructs.waf.ip_set_addresses import IpSetAddresses
from chatops_constructs.waf.ip_set_pair import IpSetPair
from chatops_constructs.waf.waf_scope import WafScope
from chatops_runtime.contracts import ip_ranges
from tests.constructs.ip_set_pairs import (
    ACCOUNT,
    TOKYO,
    at_run_time,
    in_template,
    new_stack,
    sets,
)

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = re.compile(r"[\w\-]{1,128}", re.ASCII)


class TestSets:
    def test_at_run_time(self) -> None:
        stack = new_stack()
        at_run_time(stack)
        made = sets(stack)
        assert set(made) == {"IPV4", "IPV6"}
        for version, one in made.items():
            assert one["Properties"] == {
                "Addresses": [],
                "Description": "Kept at run time: CloudFormation must not change it",
                "IPAddressVersion": version,
                "Name": f"Edge_Switch_695AF05A_Ipv{version[-1]}",
                "Scope": "CLOUDFRONT",
            }
            assert one["Metadata"]["chatops:ip-set"] == {
                "version": 1,
                "pair": "Edge/Switch",
                "addresses": "run_time",
            }

    def test_in_the_template_each_family_goes_into_its_set(self) -> None:
        stack = new_stack()
        in_template(stack, "2a00:1450::/32", "9.9.9.0/24", "8.8.8.8/32", description="The office, both lines")
        made = sets(stack)
        assert made["IPV4"]["Properties"]["Addresses"] == ["8.8.8.8/32", "9.9.9.0/24"]
        assert made["IPV6"]["Properties"]["Addresses"] == ["2a00:1450::/32"]
        for one in made.values():
            assert one["Properties"]["Description"] == "The office, both lines"
            assert one["Metadata"]["chatops:ip-set"]["addresses"] == "template"

    def test_one_family_may_be_empty(self) -> None:
        stack = new_stack()
        in_template(stack, "8.8.8.8/32")
        assert sets(stack)["IPV6"]["Properties"]["Addresses"] == []
        assert sets(stack)["IPV6"]["Properties"]["Description"] == "Kept in the template"

    def test_the_order_given_changes_nothing(self) -> None:
        cidrs = ["9.9.9.0/24", "8.8.8.8/32", "2a00:1450::/32"]
        made = []
        for order in (cidrs, cidrs[::-1]):
            stack = new_stack()
            in_template(stack, *order)
            made.append(sets(stack))
        assert made[0] == made[1]

    def test_regional_without_an_environment(self) -> None:
        stack = new_stack(env=None)
        at_run_time(stack, waf_scope=WafScope.REGIONAL)
        assert {one["Properties"]["Scope"] for one in sets(stack).values()} == {"REGIONAL"}

    def test_names_are_what_waf_takes_and_one_of_a_kind(self) -> None:
        stack = new_stack("E" * 100)
        pairs = [at_run_time(stack, id) for id in ("A" * 200, "A" * 200 + "B", "日本語", "C D")]
        names = [name for pair in pairs for name in (pair.ipv4_name, pair.ipv6_name)]
        assert len(set(names)) == 8
        assert all(NAME.fullmatch(name) for name in names)

    def test_everyone(self) -> None:
        stack = new_stack()
        in_template(stack, *ip_ranges.EVERYONE)
        assert sets(stack)["IPV4"]["Properties"]["Addresses"] == ["0.0.0.0/1", "128.0.0.0/1"]
        assert sets(stack)["IPV6"]["Properties"]["Addresses"] == ["::/1", "8000::/1"]


class TestRemarks:
    def test_ranges_that_are_left_out(self) -> None:
        stack = new_stack()
        in_template(stack, "8.8.0.0/16", "8.8.8.8/32", "8.8.0.0/16")
        assert sets(stack)["IPV4"]["Properties"]["Addresses"] == ["8.8.0.0/16"]
        Annotations.from_stack(stack).has_info(
            "/Edge/Office", "left out, since other ranges contain them: 8.8.0.0/16, 8.8.8.8/32"
        )

    def test_ranges_of_documentation(self) -> None:
        stack = new_stack()
        in_template(stack, "203.0.113.0/24", "2001:db8:7::/48", "8.8.8.8/32")
        Annotations.from_stack(stack).has_warning(
            "/Edge/Office",
            Match.string_like_regexp(
                "for documentation, and nobody's: 203.0.113.0/24, 2001:db8:7::/48; write your own"
            ),
        )

    def test_none_without_a_reason(self) -> None:
        stack = new_stack()
        in_template(stack, "8.8.8.8/32")
        at_run_time(stack)
        assert Annotations.from_stack(stack).find_info("*", Match.any_value()) == []
        assert Annotations.from_stack(stack).find_warning("*", Match.any_value()) == []


class TestAddresses:
    @pytest.mark.parametrize(
        ("cidr", "text"),
        [
            ("0.0.0.0/0", "write the two halves, 0.0.0.0/1 and 128.0.0.0/1"),
            ("::/0", "write the two halves, ::/1 and 8000::/1"),
            ("8.8.8.8/24", "write 8.8.8.0/24"),
            ("8.8.8.8", "write 8.8.8.8/32 for this one address"),
            ("10.0.0.0/8", "this range is private; write the public range, or allow_private=True if"),
            ("fd00::/8", "this range is private"),
            ("127.0.0.1/32", "this range is loopback"),
            ("::ffff:8.8.8.8/128", "write 8.8.8.8/32"),
            pytest.param(
                cdk.Token.as_string({"Ref": "Office"}), "cidrs is known at deploy time only", id="a parameter"
            ),
            (7, "write one range as text"),
        ],
    )
    def test_refused(self, cidr: Any, text: str) -> None:
        with pytest.raises(ValueError, match=re.escape(text)) as caught:
            IpSetAddresses.in_template("9.9.9.9/32", cidr)
        assert str(caught.value).startswith("IpSetAddresses.in_template: cidrs is ")

    def test_all_problems_at_once(self) -> None:
        with pytest.raises(ValueError, match=r"'8.8.8.8'[\s\S]*'0.0.0.0/0'"):
            IpSetAddresses.in_template("8.8.8.8", "0.0.0.0/0")

    def test_private_ones_on_demand(self) -> None:
        cidrs = ("10.0.0.0/8", "127.0.0.1/32", "::1/128", "fd00::/8")
        assert [
            *IpSetAddresses.in_template(*cidrs, allow_private=True).of_family(4),
            *IpSetAddresses.in_template(*cidrs, allow_private=True).of_family(6),
        ] == ["10.0.0.0/8", "127.0.0.1/32", "::1/128", "fd00::/8"]

    def test_ten_thousand_of_a_family(self) -> None:
        many = [f"8.{number // 100}.{number % 100}.8/32" for number in range(10_000)]
        assert len(IpSetAddresses.in_template(*many, "2a00::/32", many[0]).of_family(4)) == 10_000
        with pytest.raises(ValueError, match="10001 ranges of IPv4'; allowed: at most 10000 of a family"):
            IpSetAddresses.in_template(*many, "9.9.9.9/32")


class TestRefused:
    @pytest.mark.parametrize(
        ("env", "found"),
        [(None, "known at deploy time only"), (TOKYO, "ap-northeast-1"), (cdk.Environment(account=ACCOUNT), "known")],
    )
    def test_cloudfront_outside_of_its_region(self, env: cdk.Environment | None, found: str) -> None:
        with pytest.raises(ValueError, match=f"the stack's region is '{found}") as caught:
            at_run_time(new_stack(env=env))
        assert 'with env=cdk.Environment(region="us-east-1")' in str(caught.value)

    def test_a_description_of_what_the_run_time_owns(self) -> None:
        with pytest.raises(
            ValueError, match=r"description is 'Mine'; .* an edit of it would make CloudFormation empty"
        ):
            IpSetPair(
                new_stack(),
                "Pair",
                waf_scope=WafScope.CLOUDFRONT,
                addresses=IpSetAddresses.at_run_time(),
                description="Mine",
            )

    @pytest.mark.parametrize("description", ["", "ab", "日本語の説明", "a (b)", " ab", "a" * 257])
    def test_a_description_that_waf_does_not_take(self, description: str) -> None:
        with pytest.raises(ValueError, match=r"description is .* leave out other characters"):
            in_template(new_stack(), "8.8.8.8/32", description=description)

    def test_addresses_without_an_owner(self) -> None:
        addresses: Any = ["8.8.8.8/32"]
        with pytest.raises(
            ValueError, match=r"say who owns them: IpSetAddresses.in_template\(…\) or IpSetAddresses.at_"
        ):
            IpSetPair(new_stack(), "Pair", waf_scope=WafScope.CLOUDFRONT, addresses=addresses)

    def test_a_scope_that_is_text(self) -> None:
        waf_scope: Any = "CLOUDFRONT"
        with pytest.raises(ValueError, match=r"write WafScope.CLOUDFRONT or .REGIONAL"):
            IpSetPair(new_stack(), "Pair", waf_scope=waf_scope, addresses=IpSetAddresses.at_run_time())


class TestSetsOfTheRunTimeStay:
    """CloudFormation writes the template's addresses at every update: no update may be written into the template."""

    @pytest.mark.parametrize("name", ["Addresses", "Description", "IPAddressVersion", "Name", "Scope"])
    def test_no_override_of_a_property(self, name: str) -> None:
        pair = at_run_time(new_stack())
        attempts: list[Callable[[], None]] = [
            lambda: pair.ipv4_set.add_property_override(name, "x"),
            lambda: pair.ipv4_set.add_override(f"Properties.{name}", "x"),
            lambda: pair.ipv6_set.add_property_deletion_override(name),
            lambda: pair.ipv6_set.add_deletion_override(f"Properties.{name}"),
        ]
        for attempt in attempts:
            with pytest.raises(ValueError, match=rf"override of Properties\.{name}; .* leave it: UpdateIPSet, and so"):
                attempt()

    def test_nor_of_all_of_them(self) -> None:
        with pytest.raises(ValueError, match="override of Properties;"):
            at_run_time(new_stack()).ipv4_set.add_override("Properties", {})

    def test_nor_through_the_tree(self) -> None:
        child: Any = at_run_time(new_stack()).node.find_child("Ipv4")
        with pytest.raises(ValueError, match=r"override of Properties\.Name"):
            child.add_property_override("Name", "x")

    def test_other_overrides_work(self) -> None:
        stack = new_stack()
        made = at_run_time(stack).ipv4_set
        made.add_override("DeletionPolicy", "Retain")
        made.add_property_override("Tags", [{"Key": "a", "Value": "b"}])
        made.add_override("DependsOn", "Elsewhere")
        made.add_deletion_override("DependsOn")
        made.add_property_deletion_override("Tags")
        assert sets(stack)["IPV4"]["DeletionPolicy"] == "Retain"
        assert "DependsOn" not in sets(stack)["IPV4"]
        assert "Tags" not in sets(stack)["IPV4"]["Properties"]

    @pytest.mark.parametrize(
        ("attribute", "value"),
        [
            ("description", "Mine"),
            ("name", "Mine"),
            ("addresses", ["8.8.8.8/32"]),
            ("scope", "REGIONAL"),
            ("ip_address_version", "IPV6"),
        ],
    )
    def test_no_other_value_of_a_property(self, attribute: str, value: Any) -> None:
        stack = new_stack()
        setattr(at_run_time(stack).ipv4_set, attribute, value)
        with pytest.raises(RuntimeError, match=f"{attribute} of an IP set that is kept at run time is "):
            cdk.App.of(stack).synth()  # type: ignore[union-attr]

    def test_a_second_synthesis_says_the_same(self) -> None:
        made = []
        for tags in (False, True):
            stack = new_stack()
            at_run_time(stack)
            if tags:
                cdk.Tags.of(stack).add("team", "ops")
            made.append({version: dict(one["Properties"]) for version, one in sets(stack).items()})
        for properties in made[1].values():
            assert properties.pop("Tags") == [{"Key": "team", "Value": "ops"}]
        assert made[0] == made[1]
