#!/bin/sh
mix help compile >/dev/null
exec _build/prod/rel/shop/bin/shop start
