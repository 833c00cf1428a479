rsync --version | head -1; command -v cron logrotate; cat /etc/cron.d/jobs
