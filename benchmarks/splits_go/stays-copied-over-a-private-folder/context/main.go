package main

import (
	"fmt"
	"os"
)

func show(b []byte, err error) { fmt.Println(string(b), err) }

func main() {
	show(os.ReadFile("data/a.txt"))
	show(os.ReadFile("data/sub/b.txt"))
}
