#!/bin/sh
one && exec two
