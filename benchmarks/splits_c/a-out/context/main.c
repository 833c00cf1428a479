#include <stdio.h>
#include <sys/stat.h>
int main(void) { struct stat s; stat("/a.out", &s); printf("%o\n", s.st_mode & 07777); }
