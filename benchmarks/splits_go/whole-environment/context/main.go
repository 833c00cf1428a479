package main

import (
	"fmt"
	"os"
	"sort"
	"strings"
)

func main() {
	names := os.Environ()
	sort.Strings(names)
	for _, one := range names {
		if !strings.HasPrefix(one, "HOSTNAME=") && !strings.HasPrefix(one, "PATH=") && !strings.HasPrefix(one, "GOLANG_VERSION=") && !strings.HasPrefix(one, "GOTOOLCHAIN=") {
			fmt.Println(one)
		}
	}
}
