<?php

require __DIR__ . '/vendor/autoload.php';

echo Greeting\Greeting::to('shop'), PHP_EOL;
echo file_get_contents('installed.txt'), file_get_contents('var/warm');
