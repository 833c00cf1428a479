FROM debian:trixie-slim
# these two may fail, and always did
RUN ls /nowhere; echo first > /var/log-of-build
RUN test -e /nowhere || echo second >> /var/log-of-build
RUN grep -q nobody-here /etc/passwd && echo found >> /var/log-of-build || true
RUN ! grep -q nobody-here /etc/passwd
RUN false | echo third >> /var/log-of-build
RUN for n in 1 2 3; do test $n != 2 || continue; echo "n$n" >> /var/log-of-build; done
RUN if [ -d /nowhere ]; then echo bad; else echo fourth; fi >> /var/log-of-build;
RUN case "$(uname -m)" in x86_64|aarch64) echo known ;; *) echo unknown ;; esac >> /var/log-of-build # the builder decides
RUN (echo fifth; exit 0; echo never) >> /var/log-of-build
RUN echo sixth >> /var/log-of-build; exit 0; echo never
RUN echo seventh >> /var/log-of-build
CMD cat /var/log-of-build
