FROM alpine:3.23
RUN apk add --no-cache go git
ENV GREETING=hello
WORKDIR /srv
COPY . .
RUN go build -o /usr/local/bin/server .
CMD ["server"]
