FROM golang:1.24
WORKDIR /app
COPY . .
RUN cp conf/sample.ini conf/app.ini && sed -i 's/red/blue/' conf/app.ini && go build -o app . && echo built > built.txt && ln -s conf/app.ini current.ini
CMD ["./app", "conf/app.ini", "built.txt", "current.ini"]
