from golang:1.24

from python:3-slim as final
copy --from=0 /usr/local/go/VERSION /srv/version
cmd ["cat", "/srv/version"]
