FROM maven:3.9-eclipse-temurin-21 AS hello
WORKDIR /app
COPY . .
RUN ant
WORKDIR /app/out/..
CMD ["java", "-jar", "hello.jar"]
