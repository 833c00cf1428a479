int deep(void) { return 7; }
