FROM maven:3.9-eclipse-temurin-21
LABEL org.example.of="hello"
WORKDIR /app
COPY build.xml .
COPY src src
RUN ant
EXPOSE 8080
STOPSIGNAL SIGINT
CMD ["java", "-jar", "hello.jar"]
