FROM golang:1.24
WORKDIR /app
COPY . .
RUN chmod +x start.sh && go build -o tool .
ENTRYPOINT ["./start.sh"]
CMD ["-greet", "you"]
