package main

import (
	"fmt"
	"os"
)

func main() {
	data, err := os.ReadFile("numbers.txt")
	fmt.Println(len(data), err)
}
