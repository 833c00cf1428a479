package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	n := flag.Int("n", 1, "")
	flag.Parse()
	wd, err := os.Getwd()
	fmt.Println(*n, wd != "", err)
}
