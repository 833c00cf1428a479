package main

import (
	"fmt"
	"time"
)

func main() {
	when := time.Unix(1000000000, 0)
	fmt.Println(when)
	for _, name := range []string{"Europe/Berlin", "US/Pacific", "Nowhere/None"} {
		place, err := time.LoadLocation(name)
		fmt.Println(place, err)
		if err == nil {
			fmt.Println(when.In(place))
		}
	}
}
