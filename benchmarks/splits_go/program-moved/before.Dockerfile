FROM golang:1.24
COPY . /tmp/build
RUN cd /tmp/build && go build -o tool . && mv tool /usr/local/bin/ && rm -rf /tmp/build
WORKDIR /work
ENTRYPOINT ["tool"]
