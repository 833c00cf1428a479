#!/bin/sh
go version
exec ./app
