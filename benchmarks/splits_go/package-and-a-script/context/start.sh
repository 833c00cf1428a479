#!/bin/sh
set -e
export GREETING=hello
echo starting
exec "$@"
