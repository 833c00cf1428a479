FROM eclipse-temurin:21 AS build
WORKDIR /src
COPY . .
RUN javac -d classes Hello.java && jar cfe hello.jar Hello -C classes .

FROM eclipse-temurin:21-jre
WORKDIR /app
COPY --from=build /src /app/
CMD ["java", "-Xmx64m", "-jar", "hello.jar", "you"]
