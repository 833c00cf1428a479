"""`dslim bot serve` as Typer knows it."""

from typing import Annotated

import typer

from dslim.bot.fleet_options import ClusterOption, GraceOption, JobsOption, OnboardingOption, app
from dslim.bot.options import ApiOption, ForgeName, ForgeOption, Format, GapOption, LedgerOption, asked_of

__all__ = ["app"]

SERVE = """Take webhooks in, and act on them: pushes, pull requests, comments, and on GitHub installations of the App.

\b
  POST /webhook   with DSLIM_WEBHOOK_SECRET (or _FILE), as the forge signs; answered with 202 as soon as it is in the ledger
  GET  /healthz   200, or 503 and what is wrong
  GET  /metrics   for Prometheus

Each night everything is looked at once more, for what was missed: what the ledger knows, what an App is installed on, and
the list of --repos. People who may write to a repository command it in comments on our pull requests, at the beginning of a
line: @dslim rebase, recreate, approve NAME, ignore RULE or FILE, pause, resume, explain RULE.

Put it behind a proxy that speaks TLS, and let only that reach /metrics. SIGTERM ends it: what is under way is finished within
--grace seconds, or given back. Exit codes: 0 ended by a signal; 2 wrong usage.
"""


@app.command(help=SERVE)
def serve(
    listen: Annotated[str, typer.Option("--listen", metavar="HOST:PORT", help="Where to listen.")] = "127.0.0.1:8080",
    forge: ForgeOption = None,
    api: ApiOption = "",
    ledger: LedgerOption = "",
    repos: Annotated[
        str, typer.Option("--repos", metavar="FILE", help="Repositories for the nightly sweep, one a line.")
    ] = "",
    nightly: Annotated[str, typer.Option("--nightly", metavar="CRON", help="When, in UTC.")] = "0 3 * * *",
    jobs: JobsOption = 0,
    cluster: ClusterOption = "",
    grace: GraceOption = 30.0,
    onboarding: OnboardingOption = True,
    gap: GapOption = 1.0,
    form: Annotated[Format, typer.Option("--log", help="The log, on standard error.")] = Format.json,
) -> None:
    """See :data:`SERVE`."""
    kind = forge.value if isinstance(forge, ForgeName) else "github"

    def go() -> int:
        from dslim.bot.serve import serving

        return serving.serve(
            serving.Asked(kind, listen, api, ledger, repos, nightly, jobs, cluster, grace, gap, form.value, onboarding)
        )

    raise typer.Exit(asked_of(go))
