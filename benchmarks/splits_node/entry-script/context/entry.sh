#!/bin/sh
set -e
exec node build/app.js "$@"
