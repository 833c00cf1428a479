FROM eclipse-temurin:21-jdk
COPY . /src
RUN cd /src && javac -d out Hello.java && jar cfe hello.jar Hello -C out .
ENTRYPOINT ["java", "-jar", "/src/hello.jar"]
CMD ["twice", "said"]
