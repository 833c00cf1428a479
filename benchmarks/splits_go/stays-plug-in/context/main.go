package main

import "plugin"

func main() {
	_, err := plugin.Open("p.so")
	println(err == nil)
}
