"""What people type in Slack, or order as administrators."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.allowlist.orders import administration, own
from chatops_runtime.allowlist.orders.administration import Add, ListAll, Revoke
from chatops_runtime.allowlist.orders.error import OrderError
from chatops_runtime.allowlist.orders.own import ListOwn, MakeLink, RevokeOwn
from chatops_runtime.contracts.ip_ranges import parse
from tests.runtime.allowlist.allowlist_double import ARN, IPV4, IPV6, AllowlistDouble

LINE = "2001:db8:1:2::/64"


@pytest.fixture
def double() -> AllowlistDouble:
    return AllowlistDouble()


class TestOwn:
    @pytest.mark.parametrize(
        ("text", "order"),
        [
            ("", MakeLink()),
            ("  ", MakeLink()),
            ("list", ListOwn()),
            (" LIST ", ListOwn()),
            ("revoke", RevokeOwn((4, 6))),
            ("revoke ipv4", RevokeOwn((4,))),
            ("Revoke  IPv6", RevokeOwn((6,))),
        ],
    )
    def test_orders(self, text: str, order: object) -> None:
        assert own.parse(text) == order

    @pytest.mark.parametrize(
        "text", ["help", "list all", "revoke 4", "revoke ipv4 ipv6", "revoke 198.51.100.7/32", "add 8.8.8.8/32", "/"]
    )
    def test_no_orders(self, text: str) -> None:
        with pytest.raises(OrderError):
            own.parse(text)

    def test_the_link_s_message(self, double: AllowlistDouble) -> None:
        message = double.say()
        assert "for 10h" in message
        assert "(10m from now)" in message
        assert "2026-11-22 12:10 UTC" in message
        assert "Do not pass it on" in message

    def test_list_and_revoke(self, double: AllowlistDouble) -> None:
        assert "Nothing of yours" in double.say("list")
        token = double.link()
        double.http("POST", "/seen", bearer=token, source=IPV4)
        double.http("POST", "/registrations", bearer=token, source=IPV6)
        double.http("POST", "/registrations", bearer=double.link(user="U2", name="bob"), source="198.51.100.9")
        assert f"`{IPV4}/32` until <!date^" in double.say("list")
        assert "198.51.100.9" not in double.say("list")
        assert f"• `{IPV4}/32` of alice" in double.say("revoke ipv4")
        assert f"• `{LINE}` of alice" in double.say("revoke")
        assert double.say("revoke") == "Nothing of yours is registered."
        assert "198.51.100.9" in double.say("list", user="U2")

    def test_it_is_the_id_that_counts_and_not_the_name(self, double: AllowlistDouble) -> None:
        double.http("POST", "/registrations", bearer=double.link(user="U1", name="alice"))
        assert "Nothing of yours" in double.say("list", user="U2", name="alice")

    def test_what_a_user_is_called_mentions_nobody(self, double: AllowlistDouble) -> None:
        double.http("POST", "/registrations", bearer=double.link(name="<!channel>\n`x` " + "y" * 200))
        listed = double.order("list")
        assert "<!channel>" not in listed
        assert len(listed) < 500

    @pytest.mark.parametrize("administration", [False, "true", 1, None])
    def test_administration_is_true_or_it_is_not(self, double: AllowlistDouble, administration: object) -> None:
        assert "Nothing was changed" in double.say("add 198.51.100.0/24", administration=administration)
        assert double.entries() == {}


class TestAdministrationParsing:
    @pytest.mark.parametrize(
        ("text", "seconds", "note"),
        [
            ("add 198.51.100.0/24", None, ""),
            ("ADD 198.51.100.0/24 for 8h", 28_800, ""),
            ("add 198.51.100.0/24 for 8h the office", 28_800, "the office"),
            ("add 198.51.100.0/24 for 30 days\tthe office", 30 * 86_400, "the office"),
            ("add 198.51.100.0/24 for 365d", 365 * 86_400, ""),
            ("add 198.51.100.0/24 for 1分", 60, ""),
            ("add 198.51.100.0/24 for 2日間 事務所", 2 * 86_400, "事務所"),
            ("add 198.51.100.0/24 the  office", None, "the office"),
            ("add 198.51.100.0/24 forever", None, "forever"),
        ],
    )
    def test_add(self, text: str, seconds: int | None, note: str) -> None:
        assert administration.parse(text) == Add(parse("198.51.100.0/24"), seconds, note)

    @pytest.mark.parametrize("text", ["", " ", "list", "LIST "])
    def test_list(self, text: str) -> None:
        assert administration.parse(text) == ListAll()

    def test_revoke(self) -> None:
        assert administration.parse("revoke  iam:x y ") == Revoke("iam:x y")

    @pytest.mark.parametrize(
        "text",
        [
            "help",
            "list all",
            "revoke",
            "add",
            "add everybody",
            "add 8.8.8.8",
            "add 0.0.0.0/0",
            "add ::/0",
            "add 0.0.0.0/1",
            "add 8.0.0.0/15",
            "add 2600::/31",
            "add 10.0.0.0/16",
            "add 127.0.0.1/32",
            "add ::ffff:8.8.8.8/128",
            "add 8.8.8.8/24",
            "add fd00::/64",
            "add 8.8.8.0/24 for",
            "add 8.8.8.0/24 for ever",
            "add 8.8.8.0/24 for 0m",
            "add 8.8.8.0/24 for 30s",
            "add 8.8.8.0/24 for 366d",
            "add 8.8.8.0/24 8h",
            f"add 8.8.8.0/24 {'x' * 201}",
        ],
    )
    def test_no_orders(self, text: str) -> None:
        with pytest.raises(OrderError):
            administration.parse(text)

    @pytest.mark.parametrize("cidr", ["0.0.0.0/0", "::/0", "8.8.8.8/00"])
    def test_who_adds_everybody_is_not_told_to_add_two_halves(self, cidr: str) -> None:
        with pytest.raises(OrderError, match=r"16 or more for IPv4, 32 or more for IPv6; give a narrower range$"):
            administration.parse(f"add {cidr}")

    @given(st.one_of(st.text(), st.text().map("add 8.8.8.0/24 {}".format), st.text().map("add {}".format)))
    def test_any_text_is_an_order_or_is_refused(self, text: str) -> None:
        for parsing in (administration.parse, own.parse):
            try:
                order = parsing(text)
            except OrderError:
                continue
            if isinstance(order, Add):
                assert order.seconds is None or 60 <= order.seconds <= 365 * 86_400
                assert order.network.prefixlen >= 16
                assert len(order.note) <= 200


class TestAdministration:
    def register(self, double: AllowlistDouble) -> None:
        double.http("POST", "/registrations", bearer=double.link())
        double.http("POST", "/registrations", bearer=double.link(user="U2", name="bob"))
        double.http("POST", "/registrations", bearer=double.link(user="U2", name="bob"), source=IPV4)
        double.http("POST", "/iam/registrations", arn=ARN)

    def test_add_and_list(self, double: AllowlistDouble) -> None:
        assert "`198.51.100.0/24` until" in double.order("add 198.51.100.0/24 for 8h the <office>")
        item = double.dynamodb.items["entry", "range:198.51.100.0/24#4"]
        assert item["by"] == {"S": "security on-call"}
        assert item["expires_at"] == {"N": str(int(double.time) + 28_800)}
        listed = double.order("list")
        assert "*1 registered*, 1 of IPv4, 0 of IPv6. The IP sets have not been brought in line yet." in listed
        assert ": the &lt;office&gt;, `range:198.51.100.0/24`" in listed
        double.look()
        assert "IP sets in line at" in double.order("list")

    def test_added_again_with_another_end(self, double: AllowlistDouble) -> None:
        for duration in ("8h", "1h"):
            double.order(f"add 198.51.100.0/24 for {duration}")
        item = double.dynamodb.items["entry", "range:198.51.100.0/24#4"]
        assert item["expires_at"] == {"N": str(int(double.time) + 3600)}
        assert double.count(4) == 1

    def test_in_slack(self, double: AllowlistDouble) -> None:
        assert "Registered" in double.say("add 198.51.100.0/24", administration=True)
        assert double.dynamodb.items["entry", "range:198.51.100.0/24#4"]["by"] == {"S": "alice (U1)"}

    @pytest.mark.parametrize(
        ("whom", "left"),
        [
            ("slack:U1", {"slack:U2#4", "slack:U2#6", f"iam:{ARN}#6"}),
            ("<@U2|bob>", {"slack:U1#6", f"iam:{ARN}#6"}),
            ("<@U2>", {"slack:U1#6", f"iam:{ARN}#6"}),
            ("bob", {"slack:U1#6", f"iam:{ARN}#6"}),
            ("@bob", {"slack:U1#6", f"iam:{ARN}#6"}),
            (f"iam:{ARN}", {"slack:U1#6", "slack:U2#4", "slack:U2#6"}),
            (LINE, {"slack:U2#4"}),
            (f"{IPV4}/32", {"slack:U1#6", "slack:U2#6", f"iam:{ARN}#6"}),
        ],
    )
    def test_revoke(self, double: AllowlistDouble, whom: str, left: set[str]) -> None:
        self.register(double)
        assert "Revoked" in double.order(f"revoke {whom}")
        assert {entry.id for entry in double.registrations.all()} == left
        double.look()
        assert double.waf.networks == {str(entry.network) for entry in double.registrations.all()}

    @pytest.mark.parametrize("whom", ["carol", "@carol", "8.8.8.0/24", "2001:db8:1::/48", "*", "slack", "U1"])
    def test_nobody(self, double: AllowlistDouble, whom: str) -> None:
        self.register(double)
        assert "nothing like that is registered" in double.order(f"revoke {whom}")
        assert len(double.registrations.all()) == 4

    def test_a_name_of_several(self, double: AllowlistDouble) -> None:
        for number in range(7):
            double.http("POST", "/registrations", bearer=double.link(user=f"U{number}", name="alice"))
        answer = double.order("revoke alice")
        assert "7 owners have that name: slack:U0, slack:U1, slack:U2, slack:U3, slack:U4 and 2 more" in answer
        assert len(double.registrations.all()) == 7

    def test_links_end_with_their_owner(self, double: AllowlistDouble) -> None:
        token, other = double.link(), double.link(user="U2")
        assert "Links that were made" in double.order("revoke <@U1|alice>")
        assert double.http("POST", "/registrations", bearer=token)[0] == 410
        assert double.http("POST", "/registrations", bearer=other)[0] == 200

    def test_a_list_is_bounded(self, double: AllowlistDouble) -> None:
        for number in range(100):
            double.order(f"add 8.8.{number}.0/24 for {number + 1}h {'<' * 190}")
        listed = double.order("list")
        assert listed.startswith("*100 registered*")
        shown = listed.count("•")
        assert 5 < shown < 30
        assert listed.endswith(f"…and {100 - shown} more.")
        assert len(listed) < 12_000
        assert f"`8.8.{shown - 1}.0/24`" in listed, "those that end first"

    def test_many_revoked_at_once(self, double: AllowlistDouble) -> None:
        for number in range(40):
            double.http("POST", "/iam/registrations", arn=f"{ARN}-{number}")
        assert "and 10 more" in double.order(f"revoke {LINE}")
        assert double.registrations.all() == []

    def test_renewed_while_it_is_revoked(self, double: AllowlistDouble) -> None:
        self.register(double)
        double.time += 100
        double.dynamodb.before_write = [lambda: double.http("POST", "/iam/registrations", arn=ARN)]
        double.order(f"revoke iam:{ARN}")
        assert all(entry.owner.id != f"iam:{ARN}" for entry in double.registrations.all())
