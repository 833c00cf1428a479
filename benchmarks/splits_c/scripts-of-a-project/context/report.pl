#!/usr/bin/perl
use File::Basename;
print basename("/a/b"), " ";
$| = 1;
system("/usr/local/libexec/count", $ARGV[0]);
