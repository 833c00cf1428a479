FROM debian:bookworm-slim
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y locales tzdata
RUN sed -i 's/^# *\(de_DE.UTF-8\)/\1/' /etc/locale.gen
RUN locale-gen
ENV LANG=de_DE.UTF-8
RUN ln -fs /usr/share/zoneinfo/Europe/Berlin /etc/localtime && dpkg-reconfigure -f noninteractive tzdata
RUN date +%A > /weekday && rm /weekday
RUN apt-get remove -y --purge locales; apt-get autoremove -y
CMD ["locale", "-a"]
