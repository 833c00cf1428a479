const char *greet(void) { return "found"; }
