package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func mode(info os.FileInfo) string {
	if info == nil {
		return "none"
	}
	return info.Mode().Perm().String()
}

func main() {
	for _, name := range os.Args[1:] {
		err := os.WriteFile(name, []byte("x"), 0o644)
		folder, _ := os.Stat(filepath.Dir(name))
		fmt.Println(name, err, folder != nil && folder.IsDir(), folder != nil && folder.Mode() != 0, mode(folder))
	}
	fmt.Println(os.Getuid(), os.Getgid(), os.Getenv("HOME"))
}
