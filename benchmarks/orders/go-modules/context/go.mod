module example.org/main

go 1.24
