"""`python -m chatops_setup`: the same as `chatops-constructs`."""

import sys

from chatops_setup.cli import main

sys.exit(main())
