cat /srv/sorted.txt /srv/data; ls /opt /opt/hello-2.10; ls -A /tmp
