#!/bin/sh
set -e
export GREETING=hello
exec /app/_build/prod/rel/shop/bin/shop start
