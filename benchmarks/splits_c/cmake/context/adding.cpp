#include <string>
long add(const std::string &a, const std::string &b) { return std::stol(a) + std::stol(b); }
