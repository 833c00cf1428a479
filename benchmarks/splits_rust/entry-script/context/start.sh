#!/bin/sh
set -e
exec shop reader
