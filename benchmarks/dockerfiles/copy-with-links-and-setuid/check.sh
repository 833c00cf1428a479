find /opt/app /etc/app /opt/true | xargs stat -c "%n %u:%g %a %F" | sort; /opt/app/bin/count
