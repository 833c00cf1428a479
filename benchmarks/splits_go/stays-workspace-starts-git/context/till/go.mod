module till

go 1.18
