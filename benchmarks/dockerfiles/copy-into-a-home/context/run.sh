#!/bin/sh
cat /app/data/words
