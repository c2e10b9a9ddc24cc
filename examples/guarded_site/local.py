"""The site on this machine: look at it in a browser, type commands, let time pass. Without AWS and Slack.

Run it from the root of the checkout: `.venv/bin/python examples/guarded_site/local.py`.
"""

import json
import re
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from chatops_local.cloud import LocalCloud

CHANNEL = "C012OPS34"
# Who asks, over IPv4 and over IPv6. The office passes, as app.py says; developers pass once they have registered.
ANYBODY = ("198.51.100.9", "2001:db8:e::9")
OFFICE = ("203.0.113.7", "2001:db8:0:7::7")
DEVELOPER = ("192.0.2.33", "2001:db8:33::33")

HELP = """
Type /maintenance on for 10m, /maintenance status, /allow-me, or
  register     what the button on the page of /allow-me's link does, from the developer's addresses
  wait 10      let ten minutes pass
and nothing to end."""


class Shop:
    """The example on a local cloud."""

    def __init__(self, cloud: LocalCloud) -> None:
        self.cloud = cloud
        self.outputs: dict[str, str] = {}
        self.link = ""
        for stack in cloud.deploy_all(Path(__file__).parent):
            self.outputs.update(stack.outputs)

    def show(self, who: str, viewer: tuple[str, str]) -> None:
        """Serve the site on a port of this machine."""
        host = self.outputs["Url"].removeprefix("https://")
        door = self.cloud.server.edge.door(host, viewer=viewer[0], viewer6=viewer[1])
        print(f"{who:<12} {door.url} and, over IPv6, {door.ipv6_url}")

    def do(self, typed: str) -> None:
        """Whatever was typed."""
        first, _, rest = typed.partition(" ")
        if first == "wait" and rest.isdigit():
            self.cloud.advance(by=timedelta(minutes=int(rest)))
            print(f"{rest} minutes later.")
        elif typed == "register":
            self.register()
        elif first.startswith("/"):
            self.send(typed)
        else:
            print(HELP)

    def send(self, line: str) -> None:
        """A slash command."""
        sent = self.cloud.slack.send(line, channel=CHANNEL)
        sent.wait()
        print("\n".join(message.shown for message in sent.messages))
        if found := re.search(r"https://[^/|\"]+/#[\w-]+", json.dumps([message.text for message in sent.messages])):
            self.link = found[0]

    def register(self) -> None:
        """Use the latest link."""
        if not self.link:
            print("There is no link: type /allow-me first.")
            return
        url, _, token = self.link.partition("/#")
        (ipv4_url,) = [value for name, value in self.outputs.items() if name.startswith("AllowlistIpv4Url")]
        for host, path, viewer in ((ipv4_url, "/seen", DEVELOPER[0]), (url, "/registrations", DEVELOPER[1])):
            headers = {"Authorization": f"Bearer {token}"}
            answer = self.cloud.server.edge.request("POST", f"{host}{path}", viewer=viewer, headers=headers)
        print(answer.text)


def main() -> None:
    print("Starting: half a minute …")
    with LocalCloud.start(region="ap-northeast-1") as cloud:
        shop = Shop(cloud)
        for who, viewer in (("Anybody:", ANYBODY), ("The office:", OFFICE), ("A developer:", DEVELOPER)):
            shop.show(who, viewer)
        print(HELP)
        # The end of the input, or Ctrl-D, is nothing too.
        with suppress(EOFError):
            while typed := input("> ").strip():
                shop.do(typed)


if __name__ == "__main__":
    main()
