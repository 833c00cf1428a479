date +%Z; cat /etc/timezone; locale -a
