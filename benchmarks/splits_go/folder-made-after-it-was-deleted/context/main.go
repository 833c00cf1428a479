package main

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

func main() {
	d, _ := os.Getwd()
	fmt.Println(filepath.Base(os.Args[0]), d, os.Getuid(), os.Getgid(), os.Getenv("MODE"))
	for _, name := range os.Args[1:] {
		info, err := os.Lstat(filepath.Clean(name))
		if err != nil {
			fmt.Println(err)
			continue
		}
		o := info.Sys().(*syscall.Stat_t)
		fmt.Println(name, info.Mode(), o.Uid, o.Gid)
		if !info.IsDir() && info.Size() < 999 {
			b, err := os.ReadFile(name)
			fmt.Println(string(b), err)
		}
	}
}
