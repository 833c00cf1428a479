find /srv/site /opt/tools /etc/site | xargs stat -c "%n %u:%g %a %F" | sort; /opt/tools/show
