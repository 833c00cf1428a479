FROM maven:3.9-eclipse-temurin-21
COPY Main.class /srv/
CMD ["java", "-cp", "/srv", "Main"]
