ls -R /opt; ls -A /tmp
