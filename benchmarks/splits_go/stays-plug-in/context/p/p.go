package main

var X = 1
