package main

import (
	"fmt"
	"go/build"
	"runtime"
)

func main() {
	found, err := build.Import("fmt", "", build.FindOnly)
	fmt.Println(found.Dir, err, runtime.GOROOT())
}
