FROM haskell:9
RUN apt-get update && apt-get install -y --no-install-recommends libpq-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN stack install
WORKDIR /
CMD ["shop"]
