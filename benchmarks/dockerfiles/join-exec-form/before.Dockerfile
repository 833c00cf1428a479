FROM debian:trixie-slim
RUN ["mkdir", "-p", "/opt/my files"]
RUN ["/bin/sh", "-c", "echo \"$HOME\" > '/opt/my files/home'"]
RUN ["touch", "/opt/$HOME", "/opt/*", "/opt/it's"]
RUN echo "shell sees $HOME" > /opt/shell
RUN ["cp", "/opt/shell", "/opt/my files/copy of shell"]
RUN ["find", "/opt", "-type", "f", "-empty", "-delete"]
ENTRYPOINT ["cat"]
CMD ["/opt/shell"]
