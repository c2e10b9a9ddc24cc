"""`python -m chatops_local`: the same as `chatops-local`."""

import sys

from chatops_local.cli import main

sys.exit(main())
