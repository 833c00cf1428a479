#include <stdio.h>
#include <string.h>
int main(int n, char **v) { printf("%zu\n", n > 1 ? strlen(v[1]) : 0); }
