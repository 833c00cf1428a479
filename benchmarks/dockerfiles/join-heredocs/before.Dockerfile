FROM debian:trixie-slim
RUN <<EOF
mkdir -p /etc/tool
echo plain > /etc/tool/mode
EOF
RUN <<EOF
set -e
echo one > /etc/tool/one
echo two > /etc/tool/two
EOF
COPY <<"EOF" /etc/tool/tool.conf
home=$HOME
EOF
RUN cat <<EOF > /etc/tool/generated
user=$(id -un)
EOF
RUN echo last > /etc/tool/last
RUN chmod 644 /etc/tool/*
CMD ["cat", "/etc/tool/tool.conf"]
