"""`dslim bot sweep` as Typer knows it."""

from typing import Annotated

import typer

from dslim.bot.options import (
    ApiOption,
    ForgeName,
    ForgeOption,
    Format,
    FormatOption,
    GapOption,
    LedgerOption,
    app,
    asked_of,
)

__all__ = ["ClusterOption", "GraceOption", "JobsOption", "OnboardingOption", "app"]

JobsOption = Annotated[
    int, typer.Option("--jobs", "-j", metavar="N", min=0, help="So many at a time. Default: twice the cores (0).")
]
ClusterOption = Annotated[
    str, typer.Option("--cluster", metavar="URL", help="A Dask scheduler, as in tcp://host:8786, that plans.")
]
GraceOption = Annotated[
    float, typer.Option("--grace", metavar="SECONDS", min=0, help="How long what is under way may take at the end.")
]

OnboardingOption = Annotated[
    bool,
    typer.Option(
        "--onboarding/--no-onboarding",
        help="Where a repository has no .github/dslim.yml, first propose only to add it.",
    ),
]

SWEEP = """Handle all repositories of a list, each exactly once; killed and called again, it goes on where it was.

\b
  dslim bot sweep --repos repos.txt --dry-run --limit 3     look at three first
  dslim bot sweep --repos repos.txt                         all; nightly, the same command
  dslim bot sweep --repos repos.txt --jobs 16               16 repositories at a time
  dslim bot sweep --repos repos.txt --cluster tcp://host:8786   with plans made on a Dask cluster
  dslim bot sweep --repos repos.txt --ledger postgresql://bot@db/dslim

Where a repository has no .github/dslim.yml, the first pull request asks: it adds one, and says what would come. Merged is a yes,
closed a no for good (--no-onboarding: nobody is asked).

The list has one repository on a line. What is done, waits or failed stands in the ledger. A repository that fails five
times is parked, and tried once in the next sweep. Limits of the forge are waited for, up to --wait. SIGTERM or Ctrl-C ends it:
what is under way is finished within --grace seconds, or given back. One that has nothing new costs one request.

Exit codes: 0 each was handled; 1 some wait, and the same command goes on; 2 wrong usage.
"""


@app.command(help=SWEEP)
def sweep(
    repos: Annotated[str, typer.Option("--repos", metavar="FILE", help="A repository a line; - for standard input.")],
    forge: ForgeOption = None,
    api: ApiOption = "",
    ledger: LedgerOption = "",
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=0, help="Begin no more than so many in this run (0: all).")
    ] = 0,
    jobs: JobsOption = 0,
    cluster: ClusterOption = "",
    wait: Annotated[
        float, typer.Option("--wait", metavar="SECONDS", min=0, help="How long the next repository may be away.")
    ] = 3600.0,
    grace: GraceOption = 30.0,
    name: Annotated[
        str, typer.Option("--name", help="Of the sweep in the ledger. Default: the list is the sweep.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print each request that would be made; make none, remember nothing.")
    ] = False,
    onboarding: OnboardingOption = True,
    gap: GapOption = 1.0,
    form: FormatOption = Format.text,
) -> None:
    """See :data:`SWEEP`."""
    kind = forge.value if isinstance(forge, ForgeName) else ""

    def go() -> int:
        from dslim.bot import sweeping

        asked = sweeping.Asked(
            repos, kind, api, ledger, name, limit, jobs, cluster, wait, grace, gap, dry_run, form.value
        )
        return sweeping.sweep(asked._replace(onboard=onboarding))

    raise typer.Exit(asked_of(go))
