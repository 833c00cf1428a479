FROM maven:3.9-eclipse-temurin-21
COPY . /build
RUN cd /build && ant && mv hello.jar /hello.jar
ENTRYPOINT ["java", "-jar", "/hello.jar"]
