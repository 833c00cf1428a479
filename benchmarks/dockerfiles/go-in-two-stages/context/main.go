package main

import (
	"fmt"
	"net/http"
	"os"
)

func main() {
	if len(os.Args) > 1 {
		fmt.Println("clock", http.StatusText(200))
		return
	}
	http.ListenAndServe(":8080", nil)
}
