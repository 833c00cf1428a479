package main

// more
