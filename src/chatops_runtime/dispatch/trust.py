"""Whom dispatch believes that a host is AWS's.

The endpoints of AWS have certificates of Amazon Trust Services (https://www.amazontrust.com/repository/), whose five
roots are in `amazon_trust_services.pem`. To read these takes a thirteenth of what it takes to read all authorities of
the machine, which would be half of a cold start. A host with another authority's certificate, such as a proxy's, is
told from a false one by the machine's authorities, from then on.
"""

from __future__ import annotations

import ssl

from chatops_runtime import log_line

_ROOTS = f"{__file__.rpartition('/')[0]}/amazon_trust_services.pem"

_contexts: list[ssl.SSLContext] = []


def context() -> ssl.SSLContext:
    """The one for all connections."""
    if not _contexts:
        _contexts.append(ssl.create_default_context(cafile=_ROOTS))
    return _contexts[-1]


def widen() -> bool:
    """Take the machine's authorities from now on; False when that was so already."""
    if len(_contexts) > 1:
        return False
    log_line.write(log_line.WARN, "not_a_certificate_of_amazon", taken="the machine's authorities")
    _contexts.append(ssl.create_default_context())
    return True
