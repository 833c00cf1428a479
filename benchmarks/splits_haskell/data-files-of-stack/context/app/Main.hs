module Main where

import Paths_shop (getDataFileName)

main :: IO ()
main = getDataFileName "prices.txt" >>= readFile >>= putStr
