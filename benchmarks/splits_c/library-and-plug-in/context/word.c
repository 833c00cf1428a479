const char *word(void) { return "word"; }
