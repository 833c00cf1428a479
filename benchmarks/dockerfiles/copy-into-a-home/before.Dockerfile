FROM alpine:3.23
WORKDIR /app
COPY . /app
RUN addgroup -S app && adduser -S -G app -h /app app
RUN chown -R app:app /app
RUN chmod +x /app/run.sh
USER app
CMD ["./run.sh"]
