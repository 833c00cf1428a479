package main

import (
	"fmt"
	"os"
)

func main() {
	for _, name := range os.Args[1:] {
		data, err := os.ReadFile(name)
		fmt.Println(string(data), err)
	}
}
