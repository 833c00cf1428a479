FROM golang:1.24
RUN groupadd -g 2000 app && useradd -m -g app -u 2000 app
WORKDIR /src
COPY . .
USER app
WORKDIR /work/deep
USER root
RUN cd /src && go build -o /usr/local/bin/app .
USER app
CMD ["app", "x", "/work/y", "/home/app/z"]
