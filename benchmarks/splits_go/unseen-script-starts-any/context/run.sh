#!/bin/sh
shop /etc/hostname >/dev/null
exec till /src/shop/run.sh
