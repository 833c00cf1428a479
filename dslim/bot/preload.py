"""What a process that plans needs, imported in the one that they are forked from: once for all, and in memory that they share."""

import dslim.bot.plan
import transforms

transforms.loaded()
__all__ = ["dslim", "transforms"]
