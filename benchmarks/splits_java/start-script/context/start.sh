#!/bin/sh
set -e
cd "$(dirname "$0")"
exec java -jar hello.jar "dear $1"
