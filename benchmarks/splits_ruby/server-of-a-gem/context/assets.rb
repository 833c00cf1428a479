File.write("asset.txt", "made")
