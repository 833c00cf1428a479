# escape=`
FROM alpine:3.23
# the back-slashes below are text
RUN mkdir -p /paths `
    && echo 'C:\temp\new' > /paths/windows
RUN printf 'a\tb\n' > /paths/tabbed `
    # a comment in the middle
    && cat /paths/tabbed
RUN echo one > /paths/one; `
    echo two > /paths/two
CMD ["cat", "/paths/windows"]
