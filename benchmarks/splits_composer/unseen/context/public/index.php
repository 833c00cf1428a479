<?php

require __DIR__ . '/../vendor/autoload.php';

echo Greeting\Greeting::to('shop'), PHP_EOL;
echo yaml_answer(), PHP_EOL;
