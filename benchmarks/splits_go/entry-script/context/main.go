package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	who := flag.String("greet", "", "")
	flag.Parse()
	fmt.Println("hello", *who, os.Getenv("MODE"))
}
