FROM maven:3.9-eclipse-temurin-21
WORKDIR /opt/hello
ADD . .
RUN ant
CMD ["java", "-jar", "hello.jar", "by", "ant"]
