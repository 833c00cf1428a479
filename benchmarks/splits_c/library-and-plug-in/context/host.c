#include <dlfcn.h>
#include <stdio.h>
#include "word.h"
int main(void) {
  void *h = dlopen("/usr/local/lib/host/plug.so", RTLD_NOW);
  const char *(*f)(void) = h ? (const char *(*)(void))dlsym(h, "plug") : 0;
  printf("%s %s\n", word(), f ? f() : "no plug-in");
  return 0;
}
