FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends make hugo nginx
WORKDIR /src
COPY . .
RUN make html && hugo
CMD ["nginx", "-g", "daemon off;"]
