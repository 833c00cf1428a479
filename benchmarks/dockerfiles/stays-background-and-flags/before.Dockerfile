FROM alpine:3.23
RUN sleep 30 &
RUN --network=none echo offline > /offline
RUN exec 3> /descriptor
COPY list /list
RUN --mount=type=bind,source=list,target=/in sort /in > /sorted
CMD ["cat", "/sorted"]
