import netifaces

print("lo" in netifaces.interfaces())
