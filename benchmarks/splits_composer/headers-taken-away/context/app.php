<?php

require __DIR__ . '/vendor/autoload.php';

echo Greeting\Greeting::to('shop'), PHP_EOL;
echo gd_answer(), ' ', xsl_answer(), PHP_EOL;
