"""A wheel as its users get it: is it compiled, and right about every fixture? ``python tests/wheel.py`` (needs ``dockerfile``).

For the environment in which a wheel was installed, not for the test run: a file that is run by its path has its own folder
in front of its modules, so that ``rewriter`` is the installed one.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

FIXTURES = Path(__file__).parent.parent / "fixtures"


def main() -> None:
    harness, engine, transforms = map(import_module, ("harness", "rewriter.engine", "transforms"))
    if not str(engine.__file__).endswith((".so", ".pyd")):
        sys.exit(f"{engine.__file__} is not compiled")
    cases = [made for case in harness.load_all(FIXTURES) for made in (case, *harness.variants(case))]
    pipeline = transforms.pipeline()
    wrong = {case.id: found for case in cases if (found := harness.complaints(case, pipeline))}
    for name, found in wrong.items():
        print(name, *found, sep="\n  ")
    print(f"{engine.__file__}: {len(cases) - len(wrong)} of {len(cases)} cases and variants of them are right")
    if wrong or not cases:
        sys.exit(1)


if __name__ == "__main__":
    main()
