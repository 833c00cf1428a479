#include <pwd.h>
#include <stdio.h>
#include <sys/stat.h>
int main(void) {
  const char *p[] = {"/data", "/var/lib/mosquitto"};
  struct stat s;
  for (int i = 0; i < 2; i++) { stat(p[i], &s); struct passwd *w = getpwuid(s.st_uid); printf("%s %d %s\n", p[i], s.st_uid, w ? w->pw_name : "nobody"); }
}
