#!/bin/bash
words=("$@" three)
exec /opt/echo/bin/said "${words[@]}"
