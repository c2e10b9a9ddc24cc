"""Nobody but the page itself may do anything: its commands run scripts on this machine."""

import http.client

import pytest

from chatops_local.page import PageServer, PortTakenError, Workbench
from tests.local.page.small_cloud import SmallCloud

ADD = {"name": "deploys"}


def test_the_page_itself_may(client):
    assert client.post("/api/channels", ADD) == (200, {"id": "C0LOCALDEPLOYS"})


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Origin": "https://example.com"}, "another Origin"),
        ({"Origin": "null"}, "another Origin"),
        ({"Origin": ""}, "another Origin"),
        ({"Content-Type": "text/plain"}, "another Content-Type"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, "another Content-Type"),
        ({"X-Chatops-Local-Token": ""}, "reload it"),
        ({"X-Chatops-Local-Token": "guessed"}, "reload it"),
    ],
)
def test_a_change_from_elsewhere_is_refused(client, events, headers, why):
    status, answer = client.post("/api/channels", ADD, **headers)
    assert status == 403
    assert why in answer["error"]
    events.next()
    assert "deploys" not in [channel["name"] for channel in events.of("channel")]


@pytest.mark.parametrize(
    "host", ["example.com", "example.com:80", "127.0.0.1.example.com", "[::1", "", "localhost.", "0.0.0.0"]
)
def test_a_name_that_leads_here_is_not_ours(client, host):
    # DNS rebinding: the browser takes the page at that name for the site's own.
    connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=5)
    connection.putrequest("GET", "/", skip_host=True)
    connection.putheader("Host", host)
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == 421
    assert client.token not in answer.read().decode()


def test_no_host_and_two_hosts_are_refused(client):
    for hosts in ([], ["127.0.0.1", "example.com"]):
        connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=5)
        connection.putrequest("GET", "/", skip_host=True)
        for host in hosts:
            connection.putheader("Host", host)
        connection.endheaders()
        assert connection.getresponse().status == 421


def test_localhost_is_a_name_of_ours_whatever_port_is_forwarded(client):
    status, _, _ = client.get("/", Host="localhost:9999")
    assert status == 200


def test_an_origin_of_the_other_name_is_another_one(client):
    status, _ = client.post("/api/channels", ADD, Host=f"localhost:{client.port}")
    assert status == 403


@pytest.mark.parametrize(("site", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 200)])
def test_another_site_may_not_follow_what_happens(client, site, status):
    connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=5)
    connection.request("GET", "/api/events?user=U0LOCALUSER", headers={"Sec-Fetch-Site": site})
    assert connection.getresponse().status == status
    connection.close()


def test_the_page_runs_nothing_but_its_own_scripts(client):
    _, headers, markup = client.get("/")
    policy = headers["Content-Security-Policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "style=" not in markup
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/nothing", "/../guard.py", "/%2e%2e/guard.py", "/static/main.js", "/index.html"])
def test_nothing_else_is_served(client, path):
    assert client.get(path)[0] == 404


def test_the_head_of_the_page_has_no_body_and_events_have_no_head(client):
    assert client.request("HEAD", "/", None, {})[::2] == (200, "")
    assert client.request("HEAD", "/api/events?user=U0LOCALUSER", None, {})[0] == 404


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b'{"name": 1}', b"{}"])
def test_a_malformed_body_is_a_bad_request(client, body):
    assert client.post("/api/channels", body)[0] == 400


def test_a_huge_body_is_not_read(client):
    status, answer = client.post("/api/channels", b"{}", Content_Length="99999999")
    assert status == 400
    assert "Content-Length" in answer["error"]


def test_it_listens_on_this_machine_only(served):
    assert served[1].url.startswith("http://127.0.0.1:")


def test_a_port_that_is_taken(client, tmp_path):
    cloud = SmallCloud()
    with pytest.raises(PortTakenError, match=rf"port {client.port} is taken.*--port {client.port + 1}"):
        PageServer(Workbench(tmp_path, cloud), client.port)  # type: ignore[arg-type]
    cloud.stop()
