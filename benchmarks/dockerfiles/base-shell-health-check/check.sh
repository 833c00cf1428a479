python main.py; python health.py; echo $?
