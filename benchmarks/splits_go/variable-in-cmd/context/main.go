package main

import (
	"fmt"
	"os"
)

var version = "none"

func main() { fmt.Println(version, os.Args[1:]) }
