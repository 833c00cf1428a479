/srv/run.sh
