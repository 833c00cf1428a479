#!/bin/bash
set -e
export PATH=/usr/local/echoer/bin:$PATH
[[ -f /etc/echoer/echoer.conf ]] && exec "$@"
