package main

import (
	"fmt"
	"os"
	"runtime"
)

func main() {
	_, file, _, _ := runtime.Caller(0)
	data, err := os.ReadFile(file)
	fmt.Println(len(data) > 0, err)
}
