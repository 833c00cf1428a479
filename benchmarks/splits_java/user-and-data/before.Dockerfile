FROM eclipse-temurin:21
RUN useradd -r -u 700 writer && mkdir -p /data && chown writer:writer /data
ENV MODE=quiet
WORKDIR /app
COPY . .
RUN javac -d . Hello.java
RUN mkdir -p config && echo "name=value" > config/app.properties && sed -i s/value/price/ config/app.properties
VOLUME /data
USER writer
HEALTHCHECK CMD test -d /data
CMD ["java", "-cp", "/app", "Hello"]
