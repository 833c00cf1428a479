FROM debian:trixie-slim
RUN <<EOF
mkdir -p /srv
false
echo 'the failure above does not count' > /srv/note
EOF
RUN <<EOF
set -e
cp /srv/note /srv/copy
EOF
CMD ["cat", "/srv/copy"]
