# a report generator: every step believes that it starts in a fresh shell
FROM debian:trixie-slim
WORKDIR /srv/reports
RUN mkdir -p templates out && cd templates && echo 'Dear $NAME' > letter.txt
RUN pwd > started-in.txt
RUN export STAGE=draft && echo "$STAGE" > stage.txt
RUN echo "stage is ${STAGE:-unset}" >> stage.txt
RUN umask 077 && echo secret > out/private.txt
RUN echo public > out/public.txt
RUN . /etc/os-release && echo "$ID" > distribution.txt
RUN echo "id is ${ID:-unset}" >> distribution.txt
RUN greet() { echo "hello $1"; }; greet world > greeting.txt
RUN if command -v greet; then exit 3; fi; echo no function > function.txt
RUN set -- one two three; echo "$#" > count.txt
RUN echo "$#" >> count.txt
RUN IFS=:; for p in $PATH; do echo "$p"; done > path.txt
RUN for p in $PATH; do echo "$p"; done >> path.txt
CMD ["cat", "/srv/reports/stage.txt"]
