#!/bin/sh
exec /bin/shop /static/a.txt
