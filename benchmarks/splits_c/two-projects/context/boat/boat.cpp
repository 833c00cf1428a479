#include <string>
std::string boat() { return "boat"; }
