"""``python -m dslim``."""

from dslim.cli import main

main()
