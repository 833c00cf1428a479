package main

import (
	"html/template"
	"log"
	"net/http"
)

func main() {
	pages := template.Must(template.ParseGlob("templates/*.html"))
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { _ = pages.ExecuteTemplate(w, "page.html", r.URL.Path) })
	log.Fatal(http.ListenAndServe(":8080", nil))
}
