python report.py
