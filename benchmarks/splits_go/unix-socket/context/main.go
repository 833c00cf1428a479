package main

import (
	"fmt"
	"net"
)

func main() {
	listener, err := net.Listen("unix", "/run/shop/socket")
	fmt.Println(listener != nil, err)
}
