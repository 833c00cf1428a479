FROM golang:1.24-alpine
ENV PROJECT=shop GO111MODULE=off
COPY . /${PROJECT}-sources/
RUN ORG="example.org/team" \
  && mkdir -p $GOPATH/src/${ORG} \
  && ln -s /${PROJECT}-sources $GOPATH/src/${ORG}/${PROJECT} \
  && cd $GOPATH/src/${ORG}/${PROJECT} \
  && FLAGS="-X main.version=$(date +%Y | cut -c1-2)" \
  && go build -ldflags="${FLAGS}" \
  && mv ${PROJECT} /${PROJECT} \
  && rm -rf $GOPATH
WORKDIR /
CMD ["/shop"]
