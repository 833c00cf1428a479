package main

import (
	_ "embed"
	"net/http"
)

//go:embed page.html
var page []byte

func main() {
	http.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { w.Write(page) })
	http.ListenAndServe(":8080", nil)
}
