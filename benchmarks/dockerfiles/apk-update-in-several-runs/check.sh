tool; bash --version | head -1; id -un
