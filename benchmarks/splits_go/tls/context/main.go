package main

import (
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"time"
)

func main() {
	log.SetOutput(io.Discard)
	server := httptest.NewTLSServer(http.NotFoundHandler())
	answer, err := server.Client().Get(server.URL)
	fmt.Println(answer.StatusCode, err)
	_, err = http.Get(server.URL)
	fmt.Println(err != nil)
	pool, err := x509.SystemCertPool()
	fmt.Println(len(pool.Subjects()) > 100, err)
	_, err = time.LoadLocation("Europe/Berlin")
	fmt.Println(err)
}
