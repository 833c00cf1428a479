FROM eclipse-temurin:21
COPY . /work/app
WORKDIR /work/app
RUN mkdir -p out/lib && javac -d out/classes Lib.java && jar cf out/lib/lib.jar -C out/classes . && rm -r out/classes
RUN javac -cp out/lib/lib.jar -d out/classes Hello.java && printf "Main-Class: Hello\nClass-Path: lib/lib.jar\n" > manifest && jar cfm out/hello.jar manifest -C out/classes .
CMD ["java", "-jar", "out/hello.jar"]
