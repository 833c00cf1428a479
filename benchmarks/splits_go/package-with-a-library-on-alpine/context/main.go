package main

/*
#cgo LDFLAGS: -lz
#include <zlib.h>
*/
import "C"

import "fmt"

func main() { fmt.Println(C.crc32(0, nil, 0), C.GoString(C.zlibVersion()) != "") }
