package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

func main() {
	for _, top := range os.Args[1:] {
		err := filepath.WalkDir(top, func(name string, entry fs.DirEntry, err error) error {
			if err != nil {
				fmt.Println(name, err)
				return nil
			}
			info, _ := entry.Info()
			owner := info.Sys().(*syscall.Stat_t)
			size := info.Size()
			if info.IsDir() || name == os.Args[0] {
				size = 0
			}
			fmt.Println(name, info.Mode(), owner.Uid, owner.Gid, size)
			return nil
		})
		fmt.Println(err)
	}
}
