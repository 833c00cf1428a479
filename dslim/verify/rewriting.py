"""What `dslim rewrite --verify` does with one file that it would change."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from dslim.config import Options
from dslim.images.trouble import ImageTrouble
from dslim.pool import Done, Job, rewritten
from dslim.report import size
from dslim.verify.build import Settings, Workshop
from dslim.verify.command import only_safe, stoppable
from dslim.verify.proving import Proven, prove, unproven
from dslim.verify.verdict import Verified
from dslim.verify.verify import Asked, Verifier, broken_off
from rewriter.report import Report
from rewriter.text import encode


def proven(done: Done, options: Options, context: str, network: str, say: Callable[[str], None]) -> Proven:
    """Build the file before and after, and keep of the rewrite what holds. ``context`` is "" for the file's folder."""
    before = encode(done.report.before)
    folder = context or os.path.dirname(done.path) or os.curdir
    job = Job(done.path, options, context)

    def again(ignored: Sequence[str]) -> Report:
        return rewritten(before, job._replace(options=options._replace(ignore=(*options.ignore, *ignored))))

    with stoppable(), Workshop(Settings(context=folder, dockerfile=done.path, network=network)) as workshop:
        silent = workshop.silence()
        if silent is not None:
            return unproven(done.report, silent.line)
        verifier = Verifier(before, workshop, Asked(doubt=True, compressed=False), say)

        def check(report: Report) -> Verified:
            try:
                return verifier.against(encode(report.text), only_safe(report))
            except ImageTrouble as error:
                return broken_off(str(error))

        found = prove(done.report, again, check)
    if found.verified is None or not found.report.changed:
        return found
    saved = -found.verified.grown
    note = f"verified, both images were built: {found.verified.verdict}, {size(saved)} less ({saved:,} bytes)"
    return found._replace(report=found.report._replace(notes=(*found.report.notes, note)))
