FROM maven:3.9-eclipse-temurin-21 AS build
WORKDIR /src
COPY . .
RUN ant && cp build/*.jar hello.jar

FROM eclipse-temurin:21-jre
COPY --from=build /src /app
ENTRYPOINT java -jar /app/hello.jar
