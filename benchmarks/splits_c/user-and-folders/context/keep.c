#include <stdio.h>
#include <unistd.h>
int main(void) {
  char line[80] = "none";
  FILE *in = fopen("/usr/local/etc/keep.conf", "r"), *out = fopen("state", "w");
  if (in) fgets(line, sizeof line, in);
  printf("%d %d %s %s\n", getuid(), getgid(), out ? "writes" : "cannot write", line);
}
