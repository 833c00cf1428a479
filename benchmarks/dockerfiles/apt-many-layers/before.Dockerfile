FROM ubuntu:22.04
LABEL maintainer="ops@example.com"
RUN apt-get update -qq && apt-get upgrade -y
RUN apt-get update && apt-get install -y curl wget
RUN apt-get update && apt-get install -y \
    vim-tiny \
    iputils-ping \
    # people ask for it
    telnet
RUN ln -sf /usr/share/zoneinfo/UTC /etc/localtime
RUN echo "Etc/UTC" > /etc/timezone
RUN apt-get autoremove -y
RUN apt-get clean && rm -rf /var/lib/apt/lists/* /tmp/* /var/tmp/*
CMD ["bash"]
