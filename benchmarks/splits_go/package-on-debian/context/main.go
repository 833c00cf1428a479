package main

import (
	"crypto/x509"
	"fmt"
	"html/template"
	"log"
	"net/http"
	"os"
	"os/user"
	"time"
)

func main() {
	page := template.Must(template.ParseFiles("templates/page.html"))
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { page.Execute(w, r.URL.Path) })
	http.HandleFunc("/certificates", func(w http.ResponseWriter, r *http.Request) {
		pool, err := x509.SystemCertPool()
		fmt.Fprintln(w, err, pool != nil && len(pool.Subjects()) > 0)
	})
	http.HandleFunc("/zone", func(w http.ResponseWriter, r *http.Request) {
		zone, err := time.LoadLocation("America/Bogota")
		fmt.Fprintln(w, err, time.Unix(0, 0).In(zone))
	})
	http.HandleFunc("/user", func(w http.ResponseWriter, r *http.Request) {
		who, err := user.Current()
		fmt.Fprintln(w, who.Username, who.HomeDir, err, os.Getenv("GREETING"))
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
