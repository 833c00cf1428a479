package main

import (
	"fmt"
	"os/exec"
)

func main() {
	out, err := exec.Command("jq", "--version").CombinedOutput()
	fmt.Println(string(out), err)
}
