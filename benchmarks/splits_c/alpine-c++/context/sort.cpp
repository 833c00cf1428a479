#include <iostream>
#include <set>
#include <stdexcept>
#include <string>

int main(int argc, char **argv) {
    std::set<std::string> words(argv + 1, argv + argc);
    try {
        if (words.count("fig")) throw std::runtime_error("a fig");
    } catch (const std::exception &found) {
        std::cout << found.what() << "\n";
    }
    for (const auto &word : words) std::cout << word << "\n";
}
