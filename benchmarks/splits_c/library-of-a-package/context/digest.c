#include <openssl/evp.h>
#include <stdio.h>
#include <zlib.h>
int main(void) {
  unsigned char out[64]; unsigned int n = 0;
  EVP_Digest("abc", 3, out, &n, EVP_sha256(), 0);
  for (unsigned int i = 0; i < n; i++) printf("%02x", out[i]);
  printf(" %lx\n", crc32(0, (const unsigned char *)"abc", 3));
}
