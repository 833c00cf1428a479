"""Measures `dslim bot` on a GitHub that runs here (npm emulate behind our shim, see tests/bot/counterparts).

    python -m benchmarks.bot kills [--count 200] [--seed 1]
    python -m benchmarks.bot sweep [--count 1000] [--ledger URL]

`kills` starts the bot as a process and kills it (SIGKILL) at random: in odd rounds when one of its requests arrives or was
answered, in even rounds after a random time; one to three times for each repository. For every third the ledger is lost then.
Then it runs to its end, and once more. There must be one branch and one pull request, whole, and no write the last time. Exit
code 1 where there is not.

`sweep` is `dslim bot sweep` on so many repositories (four in ten have something to propose; one brings the planning down),
killed (SIGKILL) when 40 % of them were begun, called again until it ends, and once more. Each must have been handled exactly
once, the deadly one parked, and the last sweep must cost one request each and no write. Prints repositories per second.
"""

from __future__ import annotations

import argparse
import sys


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    kills = commands.add_parser("kills")
    kills.add_argument("--count", type=int, default=200, help="how often a process is killed at least")
    kills.add_argument("--seed", type=int, default=1)
    sweep = commands.add_parser("sweep")
    sweep.add_argument("--count", type=int, default=1000, help="repositories")
    sweep.add_argument("--ledger", default="", help="URL of an empty database; default: SQLite")
    arguments = parser.parse_args()

    # here, not above: the processes that are killed import this file, each time
    if arguments.command == "sweep":
        from benchmarks import bot_sweep

        return bot_sweep.sweep(arguments.count, arguments.ledger)
    from benchmarks import bot_kills

    return bot_kills.kills(arguments.count, arguments.seed)


if __name__ == "__main__":
    sys.exit(main())
