#!/bin/bash
set -e
echo "starts"
exec shop "$@"
