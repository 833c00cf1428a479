#include <locale.h>
#include <stdio.h>
#include <unistd.h>
int main(void) { setlocale(LC_ALL, ""); printf("%.1f %d\n", 1.5, access("/etc/ssl/certs/ca-certificates.crt", R_OK)); }
