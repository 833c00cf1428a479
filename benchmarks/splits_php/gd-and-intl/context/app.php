<?php
echo gd_answer(), PHP_EOL;
echo intl_answer(), PHP_EOL;
