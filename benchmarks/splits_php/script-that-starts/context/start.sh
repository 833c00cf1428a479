#!/bin/sh
set -e
cd /srv
exec "$@"
