package main

import (
	"till"
)

func main() {
	till.Open()
}
