package main

import (
	"crypto/x509"
	"fmt"
	"time"
)

func main() {
	place, err := time.LoadLocation("America/Los_Angeles")
	fmt.Println(place, err)
	pool, err := x509.SystemCertPool()
	fmt.Println(len(pool.Subjects()) > 100, err)
}
