cd /opt/pad && stat -c "%n %a %s" *; ls -A /tmp
