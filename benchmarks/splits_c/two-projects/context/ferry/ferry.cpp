#include <iostream>
#include <string>
std::string boat();
int main() { std::cout << boat() << std::endl; }
