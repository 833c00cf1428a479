package main

import (
	"fmt"
	"os"
)

func main() {
	data, err := os.ReadFile("README.md")
	fmt.Println(string(data), err)
}
