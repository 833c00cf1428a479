#!/bin/sh
set -e
echo "started $1"
exec python shop.py
