FROM eclipse-temurin:21
WORKDIR /app
COPY . .
RUN javac Hello.java
CMD ["java", "Hello"]
