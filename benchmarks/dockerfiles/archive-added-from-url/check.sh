ls -l /opt/pad | cut -c1-10,40-; ls -A /tmp
