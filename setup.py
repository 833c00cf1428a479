"""The compiled build: with ``DSLIM_COMPILED=1`` set, ``pip install .`` turns the pure modules into C by mypyc (ADR 16).

Without it, and for an editable install, there is nothing here to do: the modules run as they are.
"""

import os
import sys
from glob import glob

from setuptools import setup

# it fills in the __dict__ of instances, which compiled code cannot
INTERPRETED = {"rewriter/lazy.py"}


def pure_modules() -> list[str]:
    """Those of the ground and the transforms. The front stays as it is: it waits for disks, and its writing of files must
    not hang on a second compiler."""
    found = {*glob("rewriter/**/[a-z]*.py", recursive=True), *glob("transforms/[a-z]*.py")}
    return sorted(found - INTERPRETED)


if not os.environ.get("DSLIM_COMPILED"):
    setup()
elif {"egg_info", "dist_info"}.intersection(sys.argv):  # asked what the build needs, and what it will be called
    setup(setup_requires=["mypy>=1.15"])
else:
    from mypyc.build import mypycify

    built = mypycify(pure_modules(), opt_level="2", multi_file=True)
    for module in built if sys.platform == "linux" else ():
        # Only Python calls in from outside: calls between the modules need no table. A twentieth of the time.
        module.extra_compile_args += ["-fvisibility=hidden", "-fno-plt"]
    setup(ext_modules=built)
