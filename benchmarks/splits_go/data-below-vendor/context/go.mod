module example.org/shop

go 1.18

require example.org/dep v1.0.0
