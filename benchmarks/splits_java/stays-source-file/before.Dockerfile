FROM eclipse-temurin:21
WORKDIR /app
COPY . .
RUN javac -d /tmp/check Hello.java
CMD ["java", "Hello.java"]
