#include <iostream>
#include <string>
long add(const std::string &a, const std::string &b);
int main(int n, char **v) { std::cout << (n > 2 ? add(v[1], v[2]) : 0) << std::endl; }
