print("bahari")
