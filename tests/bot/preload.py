"""What a process of the bot imports, in one place: imported once, forked often."""

import github
import sqlalchemy

import dslim.bot.command
import dslim.commands
import tests.bot.no_power_cut
import tests.bot.process
import transforms

transforms.pipeline()
__all__ = ["dslim", "github", "sqlalchemy", "tests", "transforms"]
