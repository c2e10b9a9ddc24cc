"""``python -m chatops_local.ministack``: started by :class:`chatops_local.server.Server`."""

from chatops_local.ministack.launcher import main

main()
