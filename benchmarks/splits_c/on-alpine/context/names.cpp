#include <iostream>
#include <stdexcept>
#include <vector>
int main() { std::vector<int> v; try { v.at(3); } catch (const std::out_of_range &e) { std::cout << "caught" << std::endl; } }
