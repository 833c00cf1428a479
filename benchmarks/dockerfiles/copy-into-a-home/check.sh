./run.sh; find /app | xargs stat -c "%n %U:%G %a" | sort
