package main

import (
	"fmt"
	"os"
)

func main() {
	page, err := os.ReadFile("page.html")
	fmt.Print(string(page), err)
}
