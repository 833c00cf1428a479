import sys

import summed


def main():
    print(sys.argv[1:], summed.add(1, 2))
