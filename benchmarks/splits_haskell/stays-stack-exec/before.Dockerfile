FROM haskell:9
WORKDIR /app
COPY . .
RUN stack build
CMD ["stack", "exec", "shop"]
