FROM eclipse-temurin:21
WORKDIR /usr/src/app
COPY src src
RUN mkdir lib && javac -d lib src/*.java
ENV CLASSPATH=/usr/src/app/lib
CMD ["java", "Hello", "through", "CLASSPATH"]
