ls -A /srv/app; curl --version | cut -c1-4 | head -1
