package main

import (
	"fmt"
	"example.org/dep"
)

func main() {
	fmt.Println(dep.Text("data.txt"))
}
