package main

import "os"

func main() {
	_ = os.WriteFile("text.go", []byte("package main\n\nconst text = \"made\"\n"), 0o600)
}
