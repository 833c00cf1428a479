python /app/main.py; id -un; ls -d /home/worker; grep -E '^(app|worker)' /etc/passwd | cut -d: -f1,3,6,7; id -Gn worker; stat -c '%A %u %g' /data
