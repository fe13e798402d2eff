"""`python -m safar`."""

import sys

from safar.cli import main

sys.exit(main())
