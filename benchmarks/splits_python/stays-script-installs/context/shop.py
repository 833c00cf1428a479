import adder


def main():
    print("sum", adder.add(2, 3))


if __name__ == "__main__":
    main()
