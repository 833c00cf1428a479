<?php
echo gd_answer(), PHP_EOL;
