#include <stdio.h>
int main(void) { char l[80] = "none"; FILE *f = fopen("/data/line.txt", "r"); if (f) fgets(l, 80, f); printf("%s", l); }
