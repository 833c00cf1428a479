"""`dslim verify`: builds a Dockerfile before and after, and says with evidence whether the images are the same.

`build` makes the images, `compare` reads them path by path, `program` and its neighbours look at what the image starts,
`verdict` weighs it all. What is compared follows from what a rewrite promises: the same configuration, the same files but
for named classes (`volatile`), and where a rewrite changes base or toolchain, the same program.
"""
