#!/bin/sh
bundle install --local
exec ruby shop.rb
