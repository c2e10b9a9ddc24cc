"""A range of IP addresses."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING, Literal

from chatops_constructs.slack.arguments.value_argument import ValueArgument
from chatops_runtime.contracts import arguments

if TYPE_CHECKING:
    from chatops_constructs._problems import Problems
    from chatops_runtime.contracts.arguments import ArgumentDeclaration, Kind

# For documentation: https://www.rfc-editor.org/rfc/rfc5737 and https://www.rfc-editor.org/rfc/rfc3849
SAMPLES = {4: "203.0.113.0/24", 6: "2001:db8::/32"}


@dataclass(frozen=True)
class Cidr(ValueArgument):
    """A range of IP addresses, `203.0.113.0/24`, or a single address.

    Scripts and functions get it in the one form that every range has, `203.0.113.7/32` for a single address.

    Example:
        from chatops_constructs import Cidr

        source = Cidr("source", family=4)

    Attributes:
        name: The name, which is typed as `--name`.
        family: 4 or 6 if only IPv4 or only IPv6 is allowed. Default: both.
        default: The range when nothing is typed. Default: none.
        required: Whether it has to be given; one with a default never has to. Default: True.
        help: What it means in a few words, for `help` and for menus. Default: nothing.
    """

    _: KW_ONLY
    family: Literal[4, 6] | None = None
    default: str | None = None

    @property
    def _kind(self) -> Kind:
        return arguments.CIDR

    @property
    def _rendered_default(self) -> str | None:
        return None if self.default is None else str(ip_network(self.default))

    @property
    def _sample(self) -> str:
        return self._rendered_default or SAMPLES[self.family or 4]

    def _check(self, problems: Problems) -> None:
        problems.check(
            self.family in (None, 4, 6), "family", self.family, "4 or 6", "leave it out for both", tokens=False
        )
        if self.default is not None:
            network = _network(self.default)
            problems.check(
                network is not None and self.family in (None, network.version),
                "default",
                self.default,
                f"a range such as {SAMPLES.get(self.family or 4, SAMPLES[4])}, without bits behind the prefix",
                "choose another one",
                tokens=False,
            )

    def _complete(self, declaration: ArgumentDeclaration) -> None:
        super()._complete(declaration)
        if self.family is not None:
            declaration["family"] = self.family


def _network(value: object) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(value) if isinstance(value, str) else None
    except ValueError:
        return None
