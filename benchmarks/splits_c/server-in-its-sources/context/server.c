#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
int main(void) {
  int s = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(8080)};
  setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  bind(s, (struct sockaddr *)&a, sizeof a);
  listen(s, 5);
  for (;;) {
    int c = accept(s, 0, 0);
    char in[2048] = "", name[256] = "", path[300], body[4096] = "";
    if (read(c, in, sizeof in - 1) > 0) sscanf(in, "GET /%255[^ ]", name);
    snprintf(path, sizeof path, "static/%s", name);
    FILE *f = fopen(path, "r");
    size_t n = f ? fread(body, 1, sizeof body, f) : 0;
    if (f) fclose(f);
    dprintf(c, "HTTP/1.0 %s\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n\r\n", f ? "200 OK" : "404 Not Found", n);
    write(c, body, n);
    close(c);
  }
}
