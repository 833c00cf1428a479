package main

import (
	"fmt"
	"till"
)

func main() {
	fmt.Println(till.Name)
}
