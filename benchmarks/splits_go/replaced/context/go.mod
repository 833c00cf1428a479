module example.org/shop

go 1.18

require till v0.0.0

replace till => ./till // ours
