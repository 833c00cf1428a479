FROM golang:1.24
RUN mkdir -p /app/conf
COPY main.go go.mod /app/
COPY settings /app/conf
RUN cd /app && go build -o app .
WORKDIR /app
CMD ["./app", "conf/settings"]
