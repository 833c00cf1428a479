package main

import (
	"embed"
	"fmt"
	"time"
	_ "time/tzdata"
)

//go:embed data
var data embed.FS

func main() {
	text, err := data.ReadFile("data/a.txt")
	place, fault := time.LoadLocation("Asia/Tokyo")
	fmt.Println(string(text), err, place, fault)
}
