"""The report of `dslim layers` as one HTML page."""

from dslim.layers.page.html import render as render
