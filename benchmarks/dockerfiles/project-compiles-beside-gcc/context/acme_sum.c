#include <math.h>

double acme_root(double value)
{
    return sqrt(value);
}
