const char *plug(void) { return "plug"; }
