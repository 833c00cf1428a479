#!/bin/sh
one && two
