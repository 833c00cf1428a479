#!/bin/bash
set -e
if [ -z "$MODE" ]; then
  export MODE=plain
fi
echo "starting"
exec ./tool "$@"
