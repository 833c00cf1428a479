#!/bin/sh
set -e
cd /opt/shop
exec bin/shop data/a.txt README.md
