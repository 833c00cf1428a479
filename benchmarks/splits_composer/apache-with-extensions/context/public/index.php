<?php

require __DIR__ . '/../vendor/autoload.php';

echo Greeting\Greeting::to('shop'), PHP_EOL;
echo gd_answer(), ' ', xsl_answer(), PHP_EOL, ini_get('memory_limit'), ' ', date_default_timezone_get(), PHP_EOL;
file_put_contents(__DIR__ . '/../note.txt', 'written');
echo file_get_contents(__DIR__ . '/../note.txt'), PHP_EOL;
