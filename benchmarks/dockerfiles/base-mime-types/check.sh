python /main.py
