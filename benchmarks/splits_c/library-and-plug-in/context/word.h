const char *word(void);
