"""Puts AWS WAF before distributions, tells origins who the viewer is, and logs what was asked for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from chatops_local.edge.viewer import Viewer, present_viewer
from chatops_local.ministack.cloudfront import access_logs, distribution_resource, log_delivery, origins, site_buckets
from chatops_local.ministack.cloudfront.distributions import Distribution, distribution_of
from chatops_local.ministack.cloudfront.protection import answer_to_blocked
from chatops_local.ministack.cloudfront.viewer_headers import with_own_headers
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.cloudfront.log_delivery import LogDelivery
    from chatops_local.ministack.emulator import Emulator
    from chatops_local.ministack.waf.traffic import Traffic

_label_of_host = private("app:_parse_cloudfront_dataplane_host", "host")
_handle_viewer_request = private(
    "services.cloudfront:handle_viewer_request",
    "dist, method, path, raw_uri, raw_query_string, headers, body, query_params, client_ip",
)

_UNKNOWN_PORT = 49152


def apply(emulator: Emulator) -> None:
    """Let distributions be found by all of their names, and let AWS WAF look at what they get."""
    origins.apply()
    site_buckets.apply()
    distribution_resource.apply(emulator.waf.entities)
    _label_of_host.wrap(_by_any_name)
    delivery = log_delivery.start(emulator)
    _handle_viewer_request.wrap(lambda original: _protected(original, emulator.traffic))
    _handle_viewer_request.wrap(lambda original: _logged(original, delivery))


def _by_any_name(original: Untyped) -> Untyped:
    def parse_cloudfront_dataplane_host(host: str) -> str | None:
        distribution = distribution_of(host)
        if distribution is None:
            label: str | None = original(host)
            return label
        return distribution.label

    return parse_cloudfront_dataplane_host


def _protected(original: Untyped, traffic: Traffic) -> Untyped:
    async def handle_viewer_request(
        dist: Mapping[str, Any],
        method: str,
        path: str,
        raw_uri: str,
        raw_query_string: str,
        headers: Mapping[str, str],
        body: bytes,
        query_params: Mapping[str, list[str]],
        client_ip: str = "127.0.0.1",
    ) -> Untyped:
        sent = with_own_headers(dist, path, headers, _viewer(client_ip))
        distribution = Distribution(dist)
        if distribution.web_acl:
            decision = traffic.decide(distribution.web_acl, client_ip, method, raw_uri, raw_query_string, headers, body)
            if not decision.allowed:
                return await answer_to_blocked(distribution, decision, client_ip)
            sent.update(decision.inserted)
        return await original(dist, method, path, raw_uri, raw_query_string, sent, body, query_params, client_ip)

    return handle_viewer_request


def _logged(original: Untyped, delivery: LogDelivery) -> Untyped:
    async def handle_viewer_request(
        dist: Mapping[str, Any],
        method: str,
        path: str,
        raw_uri: str,
        raw_query_string: str,
        headers: Mapping[str, str],
        body: bytes,
        query_params: Mapping[str, list[str]],
        client_ip: str = "127.0.0.1",
    ) -> Untyped:
        started = time.monotonic()
        answer = await original(dist, method, path, raw_uri, raw_query_string, headers, body, query_params, client_ip)
        status, answered, content = answer
        seconds = time.monotonic() - started
        viewer = _viewer(client_ip)
        exchange = access_logs.Exchange(
            viewer, method, raw_uri, raw_query_string, headers, status, answered, len(content), seconds
        )
        access_logs.write(delivery, Distribution(dist), exchange)
        return answer

    return handle_viewer_request


def _viewer(client_ip: str) -> Viewer:
    return present_viewer.get() or Viewer(client_ip, _UNKNOWN_PORT)
