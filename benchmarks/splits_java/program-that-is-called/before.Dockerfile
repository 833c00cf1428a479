FROM eclipse-temurin:21
RUN apt-get update && apt-get install -y --no-install-recommends bc && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY . .
RUN javac Hello.java
CMD ["java", "Hello"]
