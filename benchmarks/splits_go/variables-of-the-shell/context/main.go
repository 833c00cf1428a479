package main

import (
	"fmt"
	"os"
)

var version = "none"

func main() { fmt.Println(version, os.Getenv("STEP")) }
