import idna

print(idna.encode("b\u00fccher"))
