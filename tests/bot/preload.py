"""What a process of the bot imports, in one place: imported once, forked often."""

import github
import jsonschema
import markdown_it
import pathspec
import sqlalchemy
import yaml

import dslim.bot.command
import dslim.bot.preload
import dslim.bot.serve.serving
import dslim.bot.sweeping
import dslim.commands
import tests.bot.no_power_cut
import tests.bot.process

__all__ = ["dslim", "github", "jsonschema", "markdown_it", "pathspec", "sqlalchemy", "tests", "yaml"]
