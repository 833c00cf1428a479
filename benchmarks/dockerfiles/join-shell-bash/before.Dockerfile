FROM debian:trixie
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN apt-get update && apt-get install -y --no-install-recommends gettext-base
RUN echo 'hi ${WHO}' | WHO=there envsubst > /greeting
RUN words=(a b c); echo "${#words[@]}" > /words
RUN [[ -s /greeting && "$(< /words)" == 3 ]] && echo checked > /checked
RUN shopt -s nullglob; files=(/nothing/*); echo "${#files[@]}" > /globbed
RUN files=(/nothing/*); echo "${#files[@]}" >> /globbed
RUN set +o pipefail; false | true; echo "$?" > /status
RUN { false | true; } || echo "pipefail holds" >> /status
SHELL ["/bin/sh", "-c"]
RUN echo "$0" > /shell
RUN test -z "$BASH_VERSION"
CMD cat /greeting
