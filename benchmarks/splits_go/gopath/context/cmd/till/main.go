package main

import (
	"fmt"
	"os"

	"example.org/shop/money"
	"example.org/dep"
)

func main() {
	data, err := os.ReadFile("conf/prices.txt")
	fmt.Println(os.Getenv("TILL_NAME"), money.Euro, dep.Name, string(data), err)
}
