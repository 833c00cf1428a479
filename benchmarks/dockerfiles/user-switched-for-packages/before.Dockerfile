FROM debian:trixie-slim
RUN useradd -m dev
USER dev
WORKDIR /home/dev
RUN echo 'set nu' > .vimrc
RUN mkdir -p work
USER root
RUN apt-get update
RUN apt-get install -y --no-install-recommends sudo
RUN echo 'dev ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/dev && chmod 0440 /etc/sudoers.d/dev
USER dev
RUN sudo apt-get update && sudo apt-get install -y --no-install-recommends jq
RUN sudo rm -rf /var/lib/apt/lists/*
RUN echo '{"a": [1, 2]}' | jq -c .a > work/out
CMD ["cat", "work/out"]
