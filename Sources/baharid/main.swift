print("baharid")
