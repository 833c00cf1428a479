package main

import (
	"fmt"
	"time"
)

func main() {
	when := time.Unix(1000000000, 0)
	place, err := time.LoadLocation("Europe/Berlin")
	fmt.Println(when, when.In(place), err)
}
