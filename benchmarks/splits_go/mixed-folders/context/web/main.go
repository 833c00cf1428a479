package main

import (
	"fmt"
	"os"
)

func main() {
	for _, name := range []string{"web/views/a.tmpl", "web/schema.sql", "locales/de.json", ".env"} {
		data, err := os.ReadFile(name)
		fmt.Print(string(data), err, "\n")
	}
}
