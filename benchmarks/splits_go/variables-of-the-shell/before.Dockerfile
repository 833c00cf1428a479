FROM golang:1.24
ENV STEP=1
WORKDIR /app
COPY . .
ENV STEP=2
RUN set -eux; VERSION="v$(date +%Y | cut -c1-2)"; cd /app; go build -ldflags "-X main.version=$VERSION" -o app .
RUN ["go", "vet", "./..."]
CMD ["./app"]
