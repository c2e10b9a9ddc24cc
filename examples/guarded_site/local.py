"""The site on this machine: look at it in a browser, type commands, let time pass. Without AWS and Slack.

Run it from the root of the checkout: `.venv/bin/python examples/guarded_site/local.py`.
"""

from datetime import timedelta
from pathlib import Path

from chatops_local.cloud import LocalCloud

CHANNEL = "C012OPS34"
# The office passes, as app.py says; the other two addresses are anybody's.
OFFICE, IPV4, IPV6 = "203.0.113.7", "198.51.100.9", "2001:db8:e::9"


def main() -> None:
    print("Starting: half a minute …")
    with LocalCloud.start(region="ap-northeast-1") as cloud:
        stacks = {stack.name: stack for stack in cloud.deploy_all(Path(__file__).parent)}
        host = stacks["GuardedSite"].outputs["Url"].removeprefix("https://")
        public = cloud.server.edge.door(host, viewer=IPV4, viewer6=IPV6)
        print(f"Anybody:    {public.url} and, over IPv6, {public.ipv6_url}")
        print(f"The office: {cloud.server.edge.url_of(host, viewer=OFFICE)}")
        print("Type /maintenance on for 10m, /maintenance status, or wait 10 (minutes); nothing to end.")
        while typed := input("> ").strip():
            answer(cloud, typed)


def answer(cloud: LocalCloud, typed: str) -> None:
    first, _, rest = typed.partition(" ")
    if first == "wait" and rest.isdigit():
        cloud.advance(by=timedelta(minutes=int(rest)))
        print(f"{rest} minutes later.")
    elif first.startswith("/"):
        sent = cloud.slack.send(typed, channel=CHANNEL)
        sent.wait()
        print("\n".join(message.shown for message in sent.messages))
    else:
        print("A slash command or wait MINUTES is expected.")


if __name__ == "__main__":
    main()
