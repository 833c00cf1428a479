clock version
