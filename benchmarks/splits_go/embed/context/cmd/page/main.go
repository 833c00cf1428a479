package main

import (
	_ "embed"
	"flag"
	"fmt"
)

//go:embed text.txt
var text string

func main() {
	n := flag.Int("n", 1, "how often")
	flag.Parse()
	for i := 0; i < *n; i++ {
		fmt.Print(text)
	}
}
