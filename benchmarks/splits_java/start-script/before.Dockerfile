FROM maven:3.9-eclipse-temurin-21
WORKDIR /app
COPY . .
RUN ant
ENTRYPOINT ["./start.sh"]
CMD ["friend"]
