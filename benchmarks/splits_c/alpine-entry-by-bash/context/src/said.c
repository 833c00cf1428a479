#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv) {
    printf("%d says", (int)getuid());
    for (int i = argc - 1; i > 0; i--) printf(" %s", argv[i]);
    printf("\n");
    return 0;
}
