package main

import (
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
)

var version = "none"

func main() {
	port := flag.String("port", "1", "")
	flag.Parse()
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, version, os.Getenv("GREETING"))
	})
	log.Fatal(http.ListenAndServe(":"+*port, nil))
}
