FROM debian:trixie-slim
RUN useradd -m -u 1500 -s /bin/bash ann
RUN useradd -m -u 1501 -s /bin/sh bob
USER ann
RUN mkdir -p ~/bin "$HOME/.config"
RUN echo "I am $(id -un) in $HOME" > ~/who
RUN cd && echo 'export PATH=$HOME/bin:$PATH' >> .bashrc
USER bob
WORKDIR /home/bob
RUN echo "I am $(id -un)" > who
RUN touch private && chmod 600 private
USER root
RUN cat /home/ann/who /home/bob/who > /etc/people
RUN chmod 444 /etc/people
USER 1501:1501
RUN id -u > uid
RUN id -g >> uid
CMD ["cat", "/etc/people"]
