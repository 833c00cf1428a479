FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends hugo
WORKDIR /src
COPY . .
RUN hugo
CMD ["hugo", "server", "--bind", "0.0.0.0"]
