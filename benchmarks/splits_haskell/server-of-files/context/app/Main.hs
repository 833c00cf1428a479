module Main where

main :: IO ()
main = readFile "templates/a.txt" >>= putStr
