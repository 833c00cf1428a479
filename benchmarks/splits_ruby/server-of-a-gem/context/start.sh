#!/bin/sh
set -e
exec bundle exec ruby server.rb
