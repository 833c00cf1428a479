package main

import (
	"fmt"
	"os"
	"os/user"
)

func main() {
	me, err := user.Current()
	fmt.Println(me.Username, me.Uid, err)
	_, err = os.Create("refused.txt")
	fmt.Println(err)
}
