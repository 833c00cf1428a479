#include <stdio.h>
int deep(void);
int main(void) { printf("%d\n", deep()); }
