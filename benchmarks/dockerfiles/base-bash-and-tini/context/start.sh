#!/bin/bash
set -euo pipefail
words=(node main.js)
if [[ "${words[0]}" == node ]]; then
  exec node main.js
fi
