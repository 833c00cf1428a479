FROM debian:bookworm
ENV DEBIAN_FRONTEND=noninteractive
RUN apt-get update
RUN apt-get install -y --no-install-recommends cron logrotate
# rotate what the jobs write
COPY jobs.cron /etc/cron.d/jobs
RUN chmod 0644 /etc/cron.d/jobs
RUN apt-get install -y --no-install-recommends rsync
RUN apt-get clean
CMD ["cron", "-f"]
