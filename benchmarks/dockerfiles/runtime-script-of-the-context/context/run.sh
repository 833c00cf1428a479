#!/bin/sh
# Puts a folder in place, and starts the program.
set -e
mkdir -p /srv/data
exec python3 /srv/app.py
