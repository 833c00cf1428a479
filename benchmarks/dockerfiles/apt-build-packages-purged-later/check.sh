clock; command -v gcc make || echo gone
