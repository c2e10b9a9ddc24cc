"""Ranges as AWS WAF takes them, against the standard library."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.contracts import ip_ranges
from chatops_runtime.contracts.ip_ranges import IpRangeError

if TYPE_CHECKING:
    from chatops_runtime.contracts.ip_ranges import Network

ADDRESSES = st.ip_addresses()


@st.composite
def networks(draw: st.DrawFn, shortest: int = 1) -> Network:
    address = draw(ADDRESSES)
    prefix = draw(st.integers(shortest, address.max_prefixlen))
    return ipaddress.ip_network((str(address), prefix), strict=False)


def refusal(text: object) -> IpRangeError:
    with pytest.raises(IpRangeError) as caught:
        ip_ranges.parse(text)
    return caught.value


def is_mapped(network: Network) -> bool:
    return isinstance(network, ipaddress.IPv6Network) and network.subnet_of(ipaddress.IPv6Network("::ffff:0:0/96"))


class TestParse:
    @given(networks())
    def test_every_range_in_every_spelling(self, network: Network) -> None:
        if is_mapped(network):
            refusal(str(network))
        else:
            for text in (network.compressed, network.exploded, network.compressed.upper()):
                assert ip_ranges.parse(text) == network

    @given(ADDRESSES, st.integers(1, 128))
    def test_host_bits_are_refused_with_the_range_that_was_meant(self, address, prefix: int) -> None:
        prefix = min(prefix, address.max_prefixlen)
        network = ipaddress.ip_network((str(address), prefix), strict=False)
        if address == network.network_address or is_mapped(network):
            return
        assert refusal(f"{address}/{prefix}").remedy == f"write {network}"

    @given(st.text(max_size=60))
    def test_any_text_is_a_range_or_an_error_that_says_what_to_do(self, text: str) -> None:
        try:
            network = ip_ranges.parse(text)
        except IpRangeError:
            error = refusal(text)
            assert error.allowed
            assert error.remedy
            assert len(str(error.value)) <= 50
        else:
            assert network == ipaddress.ip_network(text)
            assert network.prefixlen >= 1

    @pytest.mark.parametrize(
        ("text", "remedy"),
        [
            ("0.0.0.0/0", "write the two halves, 0.0.0.0/1 and 128.0.0.0/1"),
            ("::/0", "write the two halves, ::/1 and 8000::/1"),
            ("1.2.3.4/0", "write the two halves, 0.0.0.0/1 and 128.0.0.0/1"),
            ("203.0.113.7", "write 203.0.113.7/32 for this one address"),
            (
                "2001:db8::7",
                "write 2001:db8::/64 for the line that the address belongs to, or 2001:db8::7/128 for this one address",
            ),
            ("203.0.113.7/24", "write 203.0.113.0/24"),
            ("2001:db8::7/64", "write 2001:db8::/64"),
            ("203.0.113.0/33", "write a prefix length of 1 to 32"),
            ("2001:db8::/129", "write a prefix length of 1 to 128"),
            ("10.0.0.0/255.0.0.0", "write how many bits of the network there are after the slash"),
            ("10.0.0.0/", "write how many bits of the network there are after the slash"),
            ("10.0.0.0/-1", "write how many bits of the network there are after the slash"),
            ("10.0.0.0/８", "write how many bits of the network there are after the slash"),
            ("010.0.0.0/8", "write an IPv4 or IPv6 address before the slash"),
            ("10.1/16", "write an IPv4 or IPv6 address before the slash"),
            (" 10.0.0.0/8", "write an IPv4 or IPv6 address before the slash"),
            ("example.com/32", "write an IPv4 or IPv6 address before the slash"),
            ("", "write an IPv4 or IPv6 address before the slash"),
            ("fe80::1%eth0/128", "leave out the zone, which means something on one machine only"),
            ("fe80::1%eth0", "leave out the zone, which means something on one machine only"),
            ("::ffff:203.0.113.7/128", "write 203.0.113.7/32"),
            ("::ffff:cb00:7100/120", "write 203.0.113.0/24"),
            ("::ffff:0:0/96", "write 0.0.0.0/1 and 128.0.0.0/1"),
            (7, "write one range as text"),
            (None, "write one range as text"),
            ("1" * 51, "write one range as text"),
        ],
    )
    def test_what_is_refused(self, text: object, remedy: str) -> None:
        assert refusal(text).remedy == remedy

    def test_the_text_of_the_error_has_everything(self) -> None:
        assert str(refusal("0.0.0.0/0")) == (
            "'0.0.0.0/0' is not allowed; allowed: prefix lengths from 1, since AWS WAF takes no /0; "
            "write the two halves, 0.0.0.0/1 and 128.0.0.0/1"
        )


class TestNetworkOf:
    @given(ADDRESSES, st.sampled_from([48, 56, 64, 128]))
    def test_the_address_is_in_it(self, address, ipv6_prefix: int) -> None:
        if address.version == 6 and address.ipv4_mapped is not None:
            return
        network = ip_ranges.network_of(str(address), ipv6_prefix=ipv6_prefix)
        assert address in network
        assert network.prefixlen == (32 if address.version == 4 else ipv6_prefix)

    def test_ipv6_is_the_line_unless_told_otherwise(self) -> None:
        assert str(ip_ranges.network_of("2a00:1450::1:2:3:4")) == "2a00:1450::/64"

    @pytest.mark.parametrize(
        ("address", "remedy"),
        [
            ("::ffff:203.0.113.7", "write 203.0.113.7/32"),
            ("203.0.113.7/32", "leave out the slash and what follows"),
            ("fe80::1%eth0", "leave out the zone, which means something on one machine only"),
            ("2001:db8::1, 203.0.113.7", "write an IPv4 or IPv6 address before the slash"),
            (None, "write one range as text"),
        ],
    )
    def test_what_is_refused(self, address: object, remedy: str) -> None:
        with pytest.raises(IpRangeError) as caught:
            ip_ranges.network_of(address)
        assert caught.value.remedy == remedy


class TestKind:
    # What ipaddress calls global in some release and AWS WAF sees nobody from: multicast, IPv4 in IPv6, ranges that
    # IANA set aside later, and what it never assigned.
    NEVER_SEEN = tuple(
        map(
            ipaddress.ip_network,
            ("224.0.0.0/4", "192.0.0.0/24", "2002::/16", "2001::/23", "3fff::/20"),
        )
    )
    PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")

    @given(ADDRESSES)
    def test_public_is_what_the_standard_library_calls_global_but_for_what_is_named_here(self, address) -> None:
        public = ip_ranges.kind_of(ipaddress.ip_network(address)) is None
        named = any(address in special for special in self.NEVER_SEEN if special.version == address.version)
        unassigned = address.version == 6 and address not in self.PUBLIC_IPV6
        assert public == (address.is_global and not named and not unassigned)

    @given(networks())
    def test_a_range_that_is_not_public_has_no_public_address_at_its_ends(self, network: Network) -> None:
        if ip_ranges.kind_of(network) is not None:
            for address in (network[0], network[-1]):
                assert ip_ranges.kind_of(ipaddress.ip_network(address)) is not None

    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("10.1.0.0/16", "private"),
            ("172.31.255.0/24", "private"),
            ("192.168.0.0/16", "private"),
            ("100.64.0.0/10", "shared between a provider's customers"),
            ("127.0.0.1/32", "loopback"),
            ("169.254.169.254/32", "link-local"),
            ("203.0.113.0/24", "for documentation"),
            ("224.0.0.1/32", "multicast"),
            ("255.255.255.255/32", "reserved"),
            ("0.0.0.0/8", "for this network only"),
            ("192.0.0.9/32", "for protocols"),
            ("fd00::/8", "private"),
            ("fe80::/64", "link-local"),
            ("::1/128", "loopback"),
            ("::/128", "reserved"),
            ("2001:db8::/32", "for documentation"),
            ("3fff::/20", "for documentation"),
            ("2002:a00:1::/48", "6to4, which is no more"),
            ("64:ff9b::a00:1/128", "reserved"),
            ("ff02::1/128", "multicast"),
            ("4000::/2", "reserved"),
            ("8.8.8.0/24", None),
            ("2a00:1450::/32", None),
            ("8.0.0.0/5", None),
            ("2001::/16", None),
        ],
    )
    def test_of_well_known_ranges(self, text: str, kind: str | None) -> None:
        assert ip_ranges.kind_of(ip_ranges.parse(text)) == kind

    @pytest.mark.parametrize("half", ip_ranges.EVERYONE)
    def test_everyone_is_public(self, half: str) -> None:
        assert ip_ranges.kind_of(ip_ranges.parse(half)) is None

    def test_the_refusal_names_the_kind(self) -> None:
        with pytest.raises(IpRangeError, match=r"'10.0.0.0/8' is not allowed; .* this range is private; do that"):
            ip_ranges.check_public(ip_ranges.parse("10.0.0.0/8"), remedy="do that")


class TestWidth:
    @given(networks())
    def test_is_refused_below_the_shortest_prefix(self, network: Network) -> None:
        shortest = 24 if network.version == 4 else 48
        if network.prefixlen >= shortest:
            ip_ranges.check_width(network, shortest_ipv4=24, shortest_ipv6=48)
        else:
            with pytest.raises(IpRangeError, match=f"of {shortest} or more for IPv{network.version}"):
                ip_ranges.check_width(network, shortest_ipv4=24, shortest_ipv6=48)


class TestWithoutContained:
    @given(st.lists(networks(shortest=1), max_size=12), st.lists(ADDRESSES, max_size=5))
    def test_the_same_addresses_match(self, given_networks: list[Network], others: list[Any]) -> None:
        kept = ip_ranges.without_contained(given_networks)
        for address in [*others, *(network[0] for network in given_networks), *(one[-1] for one in given_networks)]:
            assert any(address in one for one in kept) == any(address in one for one in given_networks)

    @given(st.lists(networks(shortest=1), max_size=12))
    def test_none_is_within_another_and_each_was_given(self, given_networks: list[Network]) -> None:
        kept = ip_ranges.without_contained(given_networks)
        assert set(kept) <= set(given_networks)
        assert not any(ip_ranges.contains(one, other) for one in kept for other in kept if one != other)
        assert len(set(kept)) == len(kept)

    def test_the_halves_stay_apart(self) -> None:
        everyone = [ip_ranges.parse(half) for half in ip_ranges.EVERYONE]
        assert ip_ranges.without_contained([*everyone, ip_ranges.parse("8.8.8.8/32")]) == everyone

    def test_the_order_given_does_not_matter(self) -> None:
        texts = ["10.0.0.0/8", "2001:db8::/32", "10.1.0.0/16", "9.0.0.0/8", "2001:db8:1::/48"]
        networks_given = [ip_ranges.parse(text) for text in texts]
        expected = ["9.0.0.0/8", "10.0.0.0/8", "2001:db8::/32"]
        for order in (networks_given, networks_given[::-1]):
            assert [str(one) for one in ip_ranges.without_contained(order)] == expected
