#!/bin/bash
set -euo pipefail
names=(one two)
for n in "${names[@]}"; do echo "$n"; done
exec "$@"
