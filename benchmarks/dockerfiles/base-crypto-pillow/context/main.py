import psutil
from cryptography.fernet import Fernet
from lxml import etree
from PIL import Image

k = Fernet(Fernet.generate_key())
print(k.decrypt(k.encrypt(b"x")), Image.new("RGB", (2, 2)).size, etree.fromstring("<a><b/></a>").tag, psutil.cpu_count() > 0)
