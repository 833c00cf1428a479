FROM golang:1.24
ENV ROOTS=/usr/local/go/VERSION
WORKDIR /app
COPY . .
RUN go build -o app .
CMD ./app $ROOTS
