package main

import (
	"fmt"
	"os"
)

func main() {
	for _, name := range os.Args[1:] {
		text, err := os.ReadFile(name)
		fmt.Printf("%s %q %v\n", name, text, err)
	}
}
