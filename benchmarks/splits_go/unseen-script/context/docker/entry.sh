#!/bin/bash
set -e
list=(one two)
if [[ -z "$MODE" ]]; then export MODE="${list[1]}"; fi
exec shop "$@"
