FROM maven:3.9-eclipse-temurin-21
WORKDIR /app
COPY . .
RUN ant
EXPOSE 8080
CMD java $OPTIONS -jar hello.jar
