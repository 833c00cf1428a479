FROM debian:trixie
RUN apt-get update && apt-get install -y git
RUN apt-get update && apt-get install -y python3 nginx-light && rm -rf /var/lib/apt/lists/*
RUN git config --system init.defaultBranch main
RUN git init /srv/repo
CMD ["nginx", "-g", "daemon off;"]
