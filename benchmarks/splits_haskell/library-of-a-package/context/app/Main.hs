{-# LANGUAGE ForeignFunctionInterface #-}
module Main where

import Foreign.C (CInt (..))

foreign import ccall "PQlibVersion" libraryVersion :: IO CInt

main :: IO ()
main = libraryVersion >>= print
