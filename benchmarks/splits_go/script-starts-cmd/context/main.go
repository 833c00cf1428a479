package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	n := flag.Int("n", 1, "")
	flag.Parse()
	fmt.Println(*n, len(os.Args))
}
