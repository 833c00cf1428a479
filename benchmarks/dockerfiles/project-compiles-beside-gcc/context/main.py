import acme_sum

print(acme_sum.root(9.0))
