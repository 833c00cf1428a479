#include <stdio.h>
#include <stdlib.h>
int main(void) { char l[80] = "nothing\n"; FILE *f = fopen(CONF, "r"); if (f) fgets(l, 80, f); printf("%s %s", getenv("WORD"), l); }
