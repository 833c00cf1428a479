package main

import (
	"fmt"
	"os"
)

func main() {
	data, err := os.ReadFile(os.Args[1])
	fmt.Print(string(data), err, "\n")
	there, err := os.Stat("/var/spool/reader")
	fmt.Println(there.IsDir(), err)
}
