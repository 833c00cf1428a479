package dep

import "os"

// Text reads a file.
func Text(name string) string {
	text, err := os.ReadFile("vendor/example.org/dep/" + name)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
