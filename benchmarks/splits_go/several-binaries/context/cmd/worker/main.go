package main

func main() { println("work") }
