<?php

require __DIR__ . '/vendor/autoload.php';

echo Greeting\Greeting::to('shop'), PHP_EOL;
