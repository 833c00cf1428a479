package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	name := flag.String("c", "settings.json", "settings")
	flag.Parse()
	text, err := os.ReadFile(*name)
	fmt.Println(string(text), err)
}
