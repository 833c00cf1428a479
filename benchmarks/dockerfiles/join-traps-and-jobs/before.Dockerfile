FROM debian:trixie-slim
RUN trap 'echo left >> /journal' EXIT; echo working > /journal
RUN echo next >> /journal
RUN ulimit -n 64; ulimit -n > /limit
RUN echo "limited: $(test "$(ulimit -n)" = 64 && echo yes || echo no)" >> /limit
RUN sleep 0.1 & wait; echo waited >> /journal
RUN alias ll='ls -l'; echo aliased >> /journal
RUN sleep 60 &
RUN echo "after the job" >> /journal
RUN exec sh -c 'echo replaced >> /journal'
RUN echo done >> /journal
RUN eval "X=1"; echo "$X" >> /journal
RUN echo "${X:-none}" >> /journal
CMD ["cat", "/journal"]
