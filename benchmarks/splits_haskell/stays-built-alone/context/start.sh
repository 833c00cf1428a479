#!/bin/sh
exec "$(cabal list-bin shop)"
