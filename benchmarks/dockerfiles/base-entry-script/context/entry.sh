#!/bin/sh
set -e
: "${GREETING:=hello}"
export GREETING
mkdir -p /srv/data
exec "$@"
