package main

import (
	"html/template"
	"net/http"
)

func main() {
	pages := template.Must(template.ParseGlob("views/*.html"))
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		_ = pages.ExecuteTemplate(w, "page.html", r.URL.Path)
	})
	_ = http.ListenAndServe(":8080", nil)
}
