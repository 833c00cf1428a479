"""Forges: where repositories and their pull requests live. `protocol` says what the bot needs of one."""
