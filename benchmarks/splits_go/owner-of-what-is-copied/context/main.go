package main

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

func main() {
	for _, name := range os.Args[1:] {
		info, err := os.Stat(filepath.Clean(name))
		if err != nil {
			fmt.Println(err)
			continue
		}
		owner := info.Sys().(*syscall.Stat_t)
		fmt.Println(name, info.Mode(), owner.Uid, owner.Gid)
	}
	fmt.Println(os.WriteFile(os.Args[1]+"/new", []byte("x"), 0o600), os.Getuid(), os.Getgid())
}
