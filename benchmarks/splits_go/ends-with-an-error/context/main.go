package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "no", len(os.Args))
	os.Exit(3)
}
