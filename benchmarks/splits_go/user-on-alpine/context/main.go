package main

import (
	"fmt"
	"os"
	"os/user"
)

func main() {
	me, err := user.Current()
	fmt.Println(me.Username, me.HomeDir, err, os.Getuid() != 0)
	fmt.Println(os.WriteFile("note.txt", []byte("written"), 0o600))
	data, err := os.ReadFile("data.json")
	fmt.Println(string(data), err)
}
