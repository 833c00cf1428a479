FROM alpine
RUN apk update && apk add python3 py3-pip
COPY tool.py /usr/local/bin/tool
RUN chmod +x /usr/local/bin/tool
RUN apk update && apk upgrade && apk add bash
RUN addgroup -S tool && adduser -S -G tool tool
USER tool
ENTRYPOINT ["tool"]
