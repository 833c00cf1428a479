FROM eclipse-temurin:21
WORKDIR /hello
COPY Hello.java .
RUN javac -d classes Hello.java
CMD ["java", "-cp", "classes", "Hello", "you"]
