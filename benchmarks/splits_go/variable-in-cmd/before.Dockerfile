FROM golang:1.24
ENV WHO=you
ARG VERSION=1
WORKDIR /app
COPY . .
RUN go build -ldflags "-X main.version=$VERSION" -o app .
CMD ./app -v "$WHO"
