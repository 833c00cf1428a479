ls -A /opt "/opt/my files"; cat /opt/shell "/opt/my files/home"
