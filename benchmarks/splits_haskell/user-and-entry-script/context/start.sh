#!/bin/sh
set -e
echo "$1"
exec shop
