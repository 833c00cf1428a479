cat /var/log-of-build
